package io.portcullis.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi31;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds answers against {@code openapi.json}: the status is described for the operation, the
 * content type is one of its, the body is valid by its schema, and every described header is valid
 * and there if it must be. A path that the document does not know must answer 404, a method that it
 * does not know 405.
 */
public final class OpenApiContract {
  private static final String DOCUMENT = "openapi.json";

  /** Says of JSON what is so anyway. */
  private static final Pattern UTF_8 = Pattern.compile("; ?charset=utf-8$");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode document;
  private final JsonSchemaFactory schemas;
  private final SchemaValidatorsConfig validation;
  private final Map<String, JsonSchema> loaded = new ConcurrentHashMap<>();

  /** The document on the class path. */
  public OpenApiContract() {
    try (InputStream in = OpenApiContract.class.getClassLoader().getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new IllegalStateException("no " + DOCUMENT + " on the class path");
      }
      this.document = MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.schemas =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder ->
                builder
                    .metaSchema(OpenApi31.getInstance())
                    .defaultMetaSchemaIri(OpenApi31.getInstance().getIri()));
    this.validation = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
  }

  /**
   * Holds one answer against the document.
   *
   * @param method of the request, in capitals
   * @param target of the request: the path, with or without a query
   * @param headers of the answer, names in any case
   * @throws AssertionError that lists everything that is wrong
   */
  public void check(
      String method, String target, int status, Map<String, List<String>> headers, String body) {
    Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> byName.put(name, values));
    List<String> problems = new ArrayList<>();
    String pointer = responsePointer(method, target, status);
    if (pointer.isEmpty()) {
      problems.add("the status is not described");
    } else {
      checkHeaders(pointer, byName, problems);
      checkBody(pointer, byName, body, problems);
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(
          method + " " + target + " answered " + status + ": " + String.join("; ", problems));
    }
  }

  /** The same for the answer of a Vert.x client. */
  public void check(String method, String target, int status, MultiMap headers, String body) {
    Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.names().forEach(name -> byName.put(name, headers.getAll(name)));
    check(method, target, status, byName, body);
  }

  /** The document itself. */
  JsonNode document() {
    return document;
  }

  /** What is wrong with a value by the schema at a JSON pointer (RFC 6901) of the document. */
  Set<ValidationMessage> violations(String schemaPointer, JsonNode value) {
    return loaded
        .computeIfAbsent(
            schemaPointer,
            pointer ->
                schemas.getSchema(
                    SchemaLocation.of("classpath:" + DOCUMENT + "#" + pointer), validation))
        .validate(value);
  }

  /** The pointer itself, or where it leads when there is a {@code $ref}. */
  String resolved(String pointer) {
    JsonNode reference = document.at(pointer).path("$ref");
    return reference.isTextual() ? reference.asText().substring(1) : pointer;
  }

  private String responsePointer(String method, String target, int status) {
    String path = pathPointer(target);
    if (path.isEmpty()) {
      return status == 404 ? "/components/responses/NotFound" : "";
    }
    String operation = path + "/" + method.toLowerCase(Locale.ROOT);
    if (document.at(operation).isMissingNode()) {
      return status == 405 ? "/components/responses/MethodNotAllowed" : "";
    }
    String response = operation + "/responses/" + status;
    return document.at(response).isMissingNode() ? "" : resolved(response);
  }

  /** The pointer of the path whose template fits; one without parameters goes before. */
  private String pathPointer(String target) {
    int query = target.indexOf('?');
    String[] given = (query < 0 ? target : target.substring(0, query)).split("/", -1);
    String found = "";
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      if (fits(path.getKey().split("/", -1), given)
          && (found.isEmpty() || !path.getKey().contains("{"))) {
        found = "/paths/" + path.getKey().replace("~", "~0").replace("/", "~1");
      }
    }
    return found;
  }

  private static boolean fits(String[] template, String[] given) {
    if (template.length != given.length) {
      return false;
    }
    for (int i = 0; i < template.length; i++) {
      if (!template[i].startsWith("{") && !template[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }

  private void checkHeaders(
      String response, Map<String, List<String>> headers, List<String> problems) {
    for (String name : names(document.at(response + "/headers"))) {
      String pointer = resolved(response + "/headers/" + name);
      List<String> values = headers.getOrDefault(name, List.of());
      if (values.isEmpty()) {
        if (document.at(pointer).path("required").asBoolean()) {
          problems.add("no header " + name);
        }
        continue;
      }
      boolean number = document.at(pointer + "/schema/type").asText().equals("integer");
      for (ValidationMessage violation :
          violations(pointer + "/schema", value(String.join(", ", values), number))) {
        problems.add("header " + name + " " + violation.getMessage());
      }
    }
  }

  private static JsonNode value(String text, boolean number) {
    return number && text.matches("[0-9]{1,9}")
        ? IntNode.valueOf(Integer.parseInt(text))
        : TextNode.valueOf(text);
  }

  private void checkBody(
      String response, Map<String, List<String>> headers, String body, List<String> problems) {
    List<String> described = names(document.at(response + "/content"));
    String given = String.join(", ", headers.getOrDefault("content-type", List.of()));
    String type = UTF_8.matcher(given).replaceFirst("");
    if (described.isEmpty()) {
      if (!body.isEmpty()) {
        problems.add("a body where none is described");
      }
      return;
    }
    if (!described.contains(type)) {
      problems.add("content type \"" + given + "\" instead of " + described);
      return;
    }
    JsonNode value = parse(body);
    if (value == null) {
      problems.add("the body is not JSON");
      return;
    }
    String schema = response + "/content/" + type.replace("/", "~1") + "/schema";
    for (ValidationMessage violation : violations(schema, value)) {
      problems.add("body " + violation.getMessage());
    }
  }

  private static @Nullable JsonNode parse(String body) {
    try {
      JsonNode value = MAPPER.readTree(body);
      return value.isMissingNode() ? null : value;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
