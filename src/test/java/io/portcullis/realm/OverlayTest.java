package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The rule by which one realm file lies over another. */
final class OverlayTest {

  @Test
  void objects_mergeMemberByMember() {
    merged(
        "{'a': {'x': 1, 'y': 2}, 'b': true}",
        "{'a': {'y': 3, 'z': 4}}",
        "{'a': {'x': 1, 'y': 3, 'z': 4}, 'b': true}");
  }

  @Test
  void null_removes() {
    merged("{'a': {'x': 1, 'y': 2}, 'b': 1}", "{'a': {'x': null}, 'b': null}", "{'a': {'y': 2}}");
  }

  @Test
  void null_inANewObject_leavesNothing() {
    merged("{}", "{'a': {'x': null, 'y': 1}}", "{'a': {'y': 1}}");
    merged("{'l': []}", "{'l': [{'name': 'n', 'x': null}]}", "{'l': [{'name': 'n'}]}");
  }

  @Test
  void listsOfTexts_areReplaced() {
    merged("{'a': ['x', 'y']}", "{'a': ['z']}", "{'a': ['z']}");
    merged("{'a': ['x', 'y']}", "{'a': []}", "{'a': []}");
  }

  @Test
  void namedThings_mergeByNameAndKeepTheirOrder() {
    merged(
        "{'clients': [{'clientId': 'a', 'x': 1}, {'clientId': 'b', 'x': 1}]}",
        "{'clients': [{'clientId': 'c'}, {'clientId': 'b', 'y': 2}]}",
        "{'clients': [{'clientId': 'a', 'x': 1}, {'clientId': 'b', 'x': 1, 'y': 2},"
            + " {'clientId': 'c'}]}");
  }

  @Test
  void things_areNamedByTheFirstNameThatAllHave() {
    merged(
        "{'l': [{'clientId': 'a', 'name': 'same'}]}",
        "{'l': [{'clientId': 'b', 'name': 'same'}]}",
        "{'l': [{'clientId': 'a', 'name': 'same'}, {'clientId': 'b', 'name': 'same'}]}");
    merged(
        "{'l': [{'alias': 'a', 'x': 1}]}",
        "{'l': [{'alias': 'a', 'x': 2}]}",
        "{'l': [{'alias': 'a', 'x': 2}]}");
  }

  @Test
  void namelessThings_areReplaced() {
    merged("{'l': [{'x': 1}, {'x': 2}]}", "{'l': [{'x': 3}]}", "{'l': [{'x': 3}]}");
  }

  @Test
  void anotherKindOfValue_replaces() {
    merged("{'a': {'x': 1}}", "{'a': 'text'}", "{'a': 'text'}");
    merged("{'a': 'text'}", "{'a': {'x': 1}}", "{'a': {'x': 1}}");
  }

  @Test
  void merge_leavesItsArgumentsAlone() {
    JsonObject lower = json("{'l': [{'name': 'n', 'x': {'y': 1}}]}");
    JsonObject upper = json("{'l': [{'name': 'n', 'x': {'y': 2}}]}");
    Overlay.merge(lower, upper).getJsonArray("l").getJsonObject(0).put("z", 1);
    assertEquals(json("{'l': [{'name': 'n', 'x': {'y': 1}}]}"), lower);
    assertEquals(json("{'l': [{'name': 'n', 'x': {'y': 2}}]}"), upper);
  }

  private static void merged(String lower, String upper, String expected) {
    assertEquals(json(expected), Overlay.merge(json(lower), json(upper)));
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }
}
