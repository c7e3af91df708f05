package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row for each way in which a browser comes to an address. */
class PersonsActTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing said,            true,  ''",
    "typed,                   true,  none document ?1",
    "opened again by itself,  true,  none document",
    "a page of this origin,   true,  same-origin document",
    "a page of this site,     true,  same-site document",
    "a click elsewhere,       true,  cross-site document ?1",
    "led on elsewhere,        false, cross-site document",
    "a click elsewhere said wrongly, false, cross-site document ?0",
    "a picture elsewhere,     false, cross-site image",
    "a picture of this site,  false, same-site image",
    "a frame with a click,    false, cross-site iframe ?1",
    "a frame of this site,    false, same-site iframe",
    "a script of this origin, false, same-origin empty",
    "a word nobody knows,     false, elsewhere document",
    "loaded beforehand,       false, none document ?1 prefetch;prerender"
  })
  void seen_byWhatTheBrowserSays(String what, boolean person, String said) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    String[] names = {"Sec-Fetch-Site", "Sec-Fetch-Dest", "Sec-Fetch-User", "Sec-Purpose"};
    String[] words = said.isEmpty() ? new String[0] : said.split(" ");
    for (int i = 0; i < words.length; i++) {
      headers.add(names[i], words[i]);
    }
    assertEquals(person, PersonsAct.seen(headers), what);
    if (words.length > 0) {
      headers.add("Sec-Fetch-Site", "none");
      boolean clicked = said.contains("document ?1") && !said.contains("prerender");
      assertEquals(clicked, PersonsAct.seen(headers), "two sites are none: " + what);
    }
  }
}
