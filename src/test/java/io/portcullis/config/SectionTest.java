package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SectionTest {
  private static final Form<Integer> NUMBER = AmountForms.number(0, 9);

  @Test
  void value_wrong_givesTheDefaultAndAProblem() {
    Reading reading = Reading.of("f", Map.of());
    int value = read("a: 99", reading, top -> top.value("a", NUMBER, "3", ""));
    assertEquals(3, value);
    assertEquals(
        List.of("f:1: a: \"99\" is too large; expected a whole number from 0 to 9"),
        messages(reading));
  }

  @Test
  void value_controlCharacters_areEscapedInTheProblem() {
    Reading reading = Reading.of("f", Map.of("PORTCULLIS_A", "\u001b[31m\n\u202e"));
    read("", reading, top -> top.value("a", NUMBER, "3", ""));
    assertEquals(
        List.of(
            "PORTCULLIS_A: a: \"\\u001b[31m\\u000a\\u202e\" is not a whole number;"
                + " expected a whole number from 0 to 9"),
        messages(reading));
  }

  @Test
  void value_hugeText_isShortenedInTheProblem() {
    Reading reading = Reading.of("f", Map.of());
    read("a: " + "x".repeat(10_000), reading, top -> top.value("a", NUMBER, "3", ""));
    assertEquals(1, messages(reading).size());
    assertTrue(messages(reading).getFirst().length() < 200);
  }

  @Test
  void value_twoKeysOfOneVariable_isAProblem() {
    Reading reading = Reading.of("f", Map.of());
    read(
        "a-b: 1\na: {b: 2}\n",
        reading,
        top ->
            top.value("a-b", NUMBER, "0", "")
                + top.section("a", inner -> inner.value("b", NUMBER, "0", "")));
    assertEquals(
        List.of("f:2: a.b: has the same variable PORTCULLIS_A_B as a-b; rename one"),
        messages(reading));
  }

  @Test
  void check_brokenRule_blamesTheFirstKeyThatSomebodySet() {
    Reading reading = Reading.of("f", Map.of("PORTCULLIS_C", "1"));
    read(
        "b: 5",
        reading,
        top -> {
          top.value("a", NUMBER, "1", "");
          top.value("b", NUMBER, "1", "");
          top.value("c", NUMBER, "1", "");
          top.check(false, "both", "a", "b");
          top.check(false, "variable", "a", "c");
          top.check(false, "neither", "a");
          return 0;
        });
    assertEquals(
        List.of("f:1: b: both", "f:1: a: neither", "PORTCULLIS_C: c: variable"), messages(reading));
  }

  @Test
  void check_keyThatIsWrongItself_isNotReportedTwice() {
    Reading reading = Reading.of("f", Map.of());
    read(
        "a: x",
        reading,
        top -> {
          top.value("a", NUMBER, "1", "");
          top.check(false, "rule", "b", "a");
          return 0;
        });
    assertEquals(1, messages(reading).size());
  }

  private static <T> T read(String text, Reading reading, Function<Section, T> reader) {
    return Section.readAll(reading, YamlReader.read(text, reading), reader);
  }

  private static List<String> messages(Reading reading) {
    return reading.problems().stream().map(ConfigProblem::toString).toList();
  }
}
