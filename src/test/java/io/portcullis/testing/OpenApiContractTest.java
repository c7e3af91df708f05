package io.portcullis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.model.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document is whole in itself, and the checker notices what it should. */
class OpenApiContractTest {
  private static final String LIST = "/api/v1/conversations";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final OpenApiContract contract = new OpenApiContract();
  private final JsonNode document = contract.document();

  @Test
  void document_header_isOpenApi31() {
    assertTrue(document.get("openapi").asText().matches("3\\.1\\.[0-9]+"));
    assertEquals("0.1.0", document.at("/info/version").asText());
    assertFalse(document.at("/info/title").asText().isEmpty());
  }

  @Test
  void document_references_leadSomewhere() {
    walk("", document, this::checkReference);
  }

  private void checkReference(String pointer, JsonNode node) {
    if (node.has("$ref")) {
      String reference = node.get("$ref").asText();
      assertTrue(reference.startsWith("#/"), pointer);
      assertFalse(document.at(reference.substring(1)).isMissingNode(), pointer + ": " + reference);
      assertEquals(1, node.size(), pointer + " has members beside $ref");
    }
  }

  @Test
  void document_operations_areComplete() {
    Set<String> ids = new HashSet<>();
    Set<String> tags = new HashSet<>(document.get("tags").findValuesAsText("name"));
    operations(
        (pointer, operation) -> {
          assertTrue(ids.add(operation.path("operationId").asText()), pointer);
          for (String member : List.of("summary", "description")) {
            assertFalse(operation.path(member).asText().isEmpty(), pointer + " " + member);
          }
          assertTrue(operation.path("tags").size() == 1, pointer);
          assertTrue(tags.contains(operation.at("/tags/0").asText()), pointer);
          Set<String> statuses = new TreeSet<>();
          operation.get("responses").fieldNames().forEachRemaining(statuses::add);
          assertTrue(statuses.stream().anyMatch(s -> s.matches("[23]..")), pointer);
          assertTrue(statuses.containsAll(Set.of("400", "429", "500", "503")), pointer);
          assertEquals(
              !operation.has("security"), statuses.containsAll(Set.of("401", "403")), pointer);
          assertEquals(operation.has("requestBody"), statuses.contains("415"), pointer);
        });
    assertEquals(16, ids.size());
  }

  @Test
  void document_pathParameters_areDeclared() {
    operations(
        (pointer, operation) -> {
          Set<String> inPath = new HashSet<>();
          Matcher matcher = Pattern.compile("\\{(\\w+)}").matcher(pointer);
          while (matcher.find()) {
            inPath.add(matcher.group(1));
          }
          Set<String> declared = new HashSet<>();
          for (int i = 0; i < operation.path("parameters").size(); i++) {
            JsonNode parameter = document.at(contract.resolved(pointer + "/parameters/" + i));
            if (parameter.get("in").asText().equals("path")) {
              assertTrue(parameter.get("required").asBoolean(), pointer);
              declared.add(parameter.get("name").asText());
            }
          }
          assertEquals(inPath, declared, pointer);
        });
  }

  @Test
  void document_responses_describeThemselves() {
    operations(
        (pointer, operation) ->
            operation
                .get("responses")
                .fieldNames()
                .forEachRemaining(
                    status -> {
                      JsonNode response =
                          document.at(contract.resolved(pointer + "/responses/" + status));
                      assertFalse(response.path("description").asText().isEmpty(), pointer);
                      assertTrue(response.path("headers").has("X-Request-Id"), pointer);
                      if (status.charAt(0) >= '4') {
                        assertTrue(
                            response.path("content").has("application/problem+json"), pointer);
                      }
                    }));
  }

  @Test
  void document_objects_areClosedOrSaySo() {
    for (Map.Entry<String, JsonNode> schema : document.at("/components/schemas").properties()) {
      boolean open = schema.getKey().equals("OpenApi");
      assertEquals(open, !schema.getValue().has("additionalProperties"), schema.getKey());
    }
    walk(
        "/components/schemas",
        document.at("/components/schemas"),
        (pointer, node) -> {
          if (node.path("type").asText().equals("array")) {
            assertTrue(node.has("maxItems"), pointer);
          }
        });
  }

  @Test
  void document_examples_areValid() {
    int[] count = {0};
    walk(
        "",
        document,
        (pointer, node) -> {
          if (node.has("example") && node.has("schema")) {
            count[0]++;
            assertEquals(
                Set.of(), contract.violations(pointer + "/schema", node.get("example")), pointer);
          }
        });
    assertTrue(count[0] > 30, "examples: " + count[0]);
  }

  @Test
  void document_problems_areThoseOfTheModel() {
    Set<String> described = new TreeSet<>();
    document
        .at("/components/responses")
        .forEach(
            response ->
                response
                    .at("/content/application~1problem+json/schema/allOf/1/properties/type/enum")
                    .forEach(type -> described.add(type.asText())));
    for (Problem problem : Problem.values()) {
      boolean ofUpstreams = problem.status() == 502 || problem.status() == 504;
      assertEquals(!ofUpstreams, described.contains(problem.type()), problem.type());
    }
  }

  @Test
  void check_describedAnswer_passes() {
    contract.check("GET", LIST + "?limit=1", 200, headers("application/json"), page());
    contract.check("GET", LIST, 401, problemHeaders(401), problem(401));
    contract.check("GET", LIST, 200, headers("application/json; charset=utf-8"), page());
    contract.check("DELETE", LIST + "/some-id", 204, headers(""), "");
    contract.check("GET", "/nowhere", 404, problemHeaders(404), problem(404));
    contract.check("PUT", LIST, 405, problemHeaders(405), problem(405));
  }

  @Test
  void check_undescribedStatus_fails() {
    fails("not described", "GET", LIST, 418, headers("application/json"), "{}");
    fails("not described", "GET", "/nowhere", 200, headers("application/json"), "{}");
    fails("not described", "PUT", LIST, 200, headers("application/json"), "{}");
  }

  @Test
  void check_wrongBody_fails() {
    fails("extra", "GET", LIST, 200, headers("application/json"), "{\"items\":[],\"extra\":1}");
    fails("items", "GET", LIST, 200, headers("application/json"), "{}");
    fails("not JSON", "GET", LIST, 200, headers("application/json"), "");
    fails("not JSON", "GET", LIST, 200, headers("application/json"), "{");
    fails("content type", "GET", LIST, 200, headers("text/html"), page());
    fails("content type", "GET", LIST, 200, headers(""), page());
    fails("none is described", "DELETE", LIST + "/x", 204, headers(""), "{}");
    fails("status", "GET", LIST, 401, problemHeaders(401), problem(403));
    fails(
        "created_at",
        "GET",
        LIST,
        200,
        headers("application/json"),
        page().replace("10:00:00.123456Z", "10:00:00Z"));
  }

  @Test
  void check_wrongHeaders_fails() {
    fails(
        "no header X-Request-Id",
        "GET",
        LIST,
        200,
        Map.of("content-type", List.of("application/json")),
        page());
    fails(
        "no header WWW-Authenticate",
        "GET",
        LIST,
        401,
        headers("application/problem+json"),
        problem(401));
    Map<String, List<String>> soon = problemHeaders(503);
    soon.put("Retry-After", List.of("soon"));
    fails("Retry-After", "GET", LIST, 503, soon, problem(503));
    Map<String, List<String>> bare = problemHeaders(429);
    bare.put("RateLimit", List.of("limit=5"));
    fails("RateLimit", "GET", LIST, 429, bare, problem(429));
  }

  private void fails(
      String saying,
      String method,
      String target,
      int status,
      Map<String, List<String>> headers,
      String body) {
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> contract.check(method, target, status, headers, body));
    assertTrue(String.valueOf(error.getMessage()).contains(saying), error.getMessage());
  }

  private static Map<String, List<String>> headers(String type) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("x-request-id", List.of("r-1"));
    headers.put("ratelimit", List.of("\"per-user\";r=5;t=1;pc-mode=\"redis\"", "\"per-ip\";r=1"));
    if (!type.isEmpty()) {
      headers.put("Content-Type", List.of(type));
    }
    return headers;
  }

  private static Map<String, List<String>> problemHeaders(int status) {
    Map<String, List<String>> headers = headers("application/problem+json");
    headers.remove("ratelimit");
    headers.put("RateLimit", List.of("\"per-user\";r=0;t=9"));
    headers.put("RateLimit-Policy", List.of("\"per-user\";q=60;w=60"));
    if (status == 401) {
      headers.put("WWW-Authenticate", List.of("Bearer"));
    } else if (status == 405) {
      headers.put("Allow", List.of("GET, POST"));
    }
    return headers;
  }

  private String page() {
    return document
        .at("/paths/~1api~1v1~1conversations/get/responses/200/content/application~1json/example")
        .toString();
  }

  private String problem(int status) {
    for (JsonNode response : document.at("/components/responses")) {
      JsonNode example = response.at("/content/application~1problem+json/example");
      if (example.path("status").asInt() == status) {
        return example.toString();
      }
    }
    throw new AssertionError("no example of " + status);
  }

  private void operations(BiConsumer<String, JsonNode> check) {
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        assertTrue(METHODS.contains(operation.getKey()), path.getKey());
        check.accept(
            "/paths/" + path.getKey().replace("/", "~1") + "/" + operation.getKey(),
            operation.getValue());
      }
    }
  }

  private static void walk(String pointer, JsonNode node, BiConsumer<String, JsonNode> visit) {
    visit.accept(pointer, node);
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = member.getKey().replace("~", "~0").replace("/", "~1");
      if (!name.equals("example")) {
        walk(pointer + "/" + name, member.getValue(), visit);
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      walk(pointer + "/" + i, node.get(i), visit);
    }
  }
}
