package io.portcullis.logs;

import io.portcullis.logs.OpenSearchNode.Answer;
import io.portcullis.logs.Shipping.Shipped;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The log store of a test: a real OpenSearch node with our templates. */
public final class LogStore implements AutoCloseable {
  private final OpenSearchNode node;

  private LogStore(OpenSearchNode node) {
    this.node = node;
  }

  /** Starts it; {@link #prepare} waits for it. */
  public static LogStore start(String name) {
    return new LogStore(OpenSearchNode.start(name));
  }

  /** Puts the templates in place. */
  public void prepare() {
    node.awaitReady();
    Templates.files("components")
        .forEach((name, file) -> put("/_component_template/" + name, file));
    Templates.files("templates").forEach((name, file) -> put("/_index_template/" + name, file));
  }

  private void put(String path, JsonObject template) {
    node.done("PUT", path, OpenSearchDialect.of(template).encode());
  }

  /** Sends a line that a container of that tag wrote; the status of the store's answer. */
  public int send(String tag, String line) {
    return create(Shipping.ship(tag, "portcullis-test-1", line)).status();
  }

  /** Sends the kept lines of a service; all must be taken. Returns how many. */
  public int sendKept(String kind) {
    List<Shipped> lines = PipelinesTest.shipped(kind);
    for (Shipped line : lines) {
      Answer answer = create(line);
      if (answer.status() != 201) {
        throw new AssertionError(answer + " for " + line);
      }
    }
    return lines.size();
  }

  /** What Logstash's output does for one event. */
  private Answer create(Shipped shipped) {
    return shipped.id().isEmpty()
        ? node.call("POST", "/" + shipped.index() + "/_doc?op_type=create", text(shipped))
        : node.call("PUT", "/" + shipped.index() + "/_create/" + shipped.id(), text(shipped));
  }

  private static String text(Shipped shipped) {
    return shipped.document().encode();
  }

  /** The documents of some data streams in which a field has a value. */
  public List<JsonObject> find(String index, String field, String value) {
    refresh();
    JsonObject query =
        new JsonObject()
            .put("query", new JsonObject().put("term", new JsonObject().put(field, value)));
    JsonObject answer = node.done("POST", "/" + index + "/_search", query.encode());
    return answer.getJsonObject("hits").getJsonArray("hits").stream()
        .map(hit -> ((JsonObject) hit).getJsonObject("_source"))
        .toList();
  }

  /** How many different values fields have, as a table of a dashboard asks for it. */
  public JsonArray table(String index, List<String> fields) {
    JsonObject aggregation = new JsonObject();
    for (String field : fields.reversed()) {
      JsonObject terms = new JsonObject().put("field", field).put("size", 20);
      JsonObject level = new JsonObject().put("terms", terms);
      aggregation =
          new JsonObject()
              .put("by", aggregation.isEmpty() ? level : level.put("aggs", aggregation));
    }
    JsonObject query = new JsonObject().put("size", 0).put("aggs", aggregation);
    String path = "/" + URLEncoder.encode(index, StandardCharsets.UTF_8) + "/_search";
    JsonObject answer = node.done("POST", path, query.encode());
    if (answer.getJsonObject("_shards").getInteger("failed") != 0) {
      throw new AssertionError(fields + ": " + answer.encode());
    }
    return answer.getJsonObject("aggregations").getJsonObject("by").getJsonArray("buckets");
  }

  /** What was sent can be found. */
  public void refresh() {
    node.done("POST", "/logs-portcullis.*/_refresh", "");
  }

  @Override
  public void close() {
    node.close();
  }
}
