package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a difference, and how it reads. */
final class ComparisonTest {

  @Test
  void whatTheDataDoesNotName_doesNotCount() {
    drifts("{'a': 1}", "{'a': 1, 'b': 2, 'c': {'d': 1}}");
    drifts("{'c': {'d': 1}}", "{'c': {'d': 1, 'e': 2}}");
  }

  @Test
  void values_readAsPathIsAndShall() {
    drifts("{'a': {'b': 2}}", "{'a': {'b': 1}}", "r/a/b: 1 → 2");
    drifts("{'a': true}", "{}", "r/a: nothing → true");
    drifts("{'a': {'b': 'x'}}", "{}", "r/a/b: nothing → x");
  }

  @Test
  void numbersAndTruthValues_areTheirTexts() {
    drifts("{'a': 1, 'b': true, 'c': '2'}", "{'a': '1', 'b': 'true', 'c': 2}");
  }

  @Test
  void nothing_isAnEmptyTextListOrObject() {
    drifts("{'a': '', 'b': [], 'c': {}}", "{}");
    drifts("{'a': 'x'}", "{'a': ''}", "r/a:  → x");
  }

  @Test
  void lists_areCompleteSets() {
    drifts("{'a': ['x', 'y']}", "{'a': ['y', 'x']}");
    drifts("{'a': ['x']}", "{'a': ['x', 'y']}", "r/a: [x, y] → [x]");
    drifts("{'a': ['x', 'y']}", "{'a': ['x']}", "r/a: [x] → [x, y]");
  }

  @Test
  void namedThings_areMissingForeignOrDifferent() {
    drifts(
        "{'l': [{'name': 'a', 'x': 1}, {'name': 'b'}]}",
        "{'l': [{'name': 'c'}, {'name': 'a', 'x': 2, 'y': 3}]}",
        "r/l/a/x: 2 → 1",
        "r/l/b: not there → there",
        "r/l/c: there → not there");
  }

  @Test
  void textsThatAreSets_haveNoOrder() {
    drifts(
        "{'passwordPolicy': 'length(12) and notUsername(undefined)'}",
        "{'passwordPolicy': 'notUsername(undefined) and length(12)'}");
    drifts(
        "{'passwordPolicy': 'length(12)'}",
        "{'passwordPolicy': 'length(8)'}",
        "r/passwordPolicy: length(8) → length(12)");
    drifts("{'post.logout.redirect.uris': 'a##b'}", "{'post.logout.redirect.uris': 'b##a'}");
  }

  @Test
  void jsonInTexts_isJson() {
    drifts("{'m': '{\\'1\\': 1, \\'2\\': 2}'}", "{'m': '{\\'2\\':2,\\'1\\':1}'}");
    drifts("{'m': '{\\'1\\':1}'}", "{'m': '{\\'1\\':2}'}", "r/m: {\"1\":2} → {\"1\":1}");
    drifts("{'m': '{broken'}", "{'m': '{other'}", "r/m: {other → {broken");
  }

  @Test
  void secrets_areComparedAndNotShown() {
    drifts("{'secret': 'new-one'}", "{'secret': 'old-one'}", "r/secret: *** → ***");
    drifts("{'secret': 'new-one'}", "{}", "r/secret: nothing → ***");
    drifts(
        "{'c': {'bindCredential': ['new-one']}}",
        "{'c': {'bindCredential': ['old']}}",
        "r/c/bindCredential: *** → ***");
  }

  @Test
  void whatKeycloakMasks_isBelieved() {
    drifts("{'password': 'p'}", "{'password': '**********'}");
    drifts("{'bindCredential': ['p']}", "{'bindCredential': ['**********']}");
  }

  private static void drifts(String shall, String is, String... expected) {
    List<String> found =
        Comparison.of("r", json(shall), json(is)).stream().map(Drift::toString).toList();
    assertEquals(List.of(expected), found);
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace("\\'", "\\\"").replace('\'', '"'));
  }
}
