package io.portcullis.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  /** RFC 8785, section 3.2.2 and 3.2.3 (without the fractions, which the trail does not use). */
  @Test
  void text_theStringOfTheRfc_escapesOnlyWhatMustBe() {
    String text = "\u20ac$\u000f\nA'B\"\\\\\"/";
    assertEquals("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"", CanonicalJson.text(text));
  }

  /** RFC 8785, section 3.2.3: the property-sorting example. */
  @Test
  void text_theMembersOfTheRfc_areOrderedByCodeUnits() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("\u20ac", "Euro Sign");
    members.put("\r", "Carriage Return");
    members.put("\ufb33", "Hebrew Letter Dalet With Dagesh");
    members.put("1", "One");
    members.put("\ud83d\ude00", "Emoji: Grinning Face");
    members.put("\u0080", "Control");
    members.put("\u00f6", "Latin Small Letter O With Diaeresis");
    assertEquals(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
            + "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        CanonicalJson.text(members));
  }

  @Test
  void text_controlCharacters_useTheShortFormWhereThereIsOne() {
    assertEquals(
        "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u000e\\u001f\u007f\u2028\"",
        CanonicalJson.text("\u0000\u0001\b\t\n\u000b\f\r\u000e\u001f\u007f\u2028"));
  }

  @Test
  void text_nestedValues_haveNoWhitespace() {
    assertEquals(
        "{\"a\":[1,-2,true,\"x\",[],{}],\"b\":9007199254740991}",
        CanonicalJson.text(
            Map.of("b", 9007199254740991L, "a", List.of(1, -2, true, "x", List.of(), Map.of()))));
  }

  @Test
  void text_withoutExactForm_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text("\ud83d"));
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text("\ude00x"));
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(1.5));
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(9007199254740992L));
    assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(Map.of(1, "x")));
  }

  @Test
  void bytes_astralCharacter_isFourBytesOfUtf8() {
    assertEquals(6, CanonicalJson.bytes("😀").length);
  }
}
