package io.portcullis.chat;

import io.portcullis.model.ServiceResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Values to answers, in the shapes that {@code openapi.json} promises. */
final class Answers {
  /** RFC 3339 in UTC, always with microseconds, so that times sort as text. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String JSON = "application/json";

  private Answers() {}

  static ServiceResponse ok(JsonObject body) {
    return new ServiceResponse(200, Map.of(), body.toBuffer(), JSON);
  }

  static ServiceResponse created(JsonObject body, Map<String, String> headers) {
    return new ServiceResponse(201, headers, body.toBuffer(), JSON);
  }

  static ServiceResponse noContent() {
    return new ServiceResponse(204, Map.of(), Buffer.buffer(), "");
  }

  /**
   * One page of a list.
   *
   * @param found up to one item more than the page takes: then there is a next page
   */
  static <T> ServiceResponse page(
      List<T> found, int limit, Function<T, JsonObject> render, Function<T, String> cursor) {
    JsonArray items = new JsonArray();
    for (T item : found.subList(0, Math.min(limit, found.size()))) {
      items.add(render.apply(item));
    }
    JsonObject page = new JsonObject().put("items", items);
    if (found.size() > limit) {
      page.put("next_cursor", cursor.apply(found.get(limit - 1)));
    }
    return ok(page);
  }

  static JsonObject conversation(Conversation conversation) {
    return new JsonObject()
        .put("id", conversation.id().toString())
        .put("title", conversation.title())
        .put("owner", conversation.owner())
        .put("created_at", time(conversation.createdAt()))
        .put("updated_at", time(conversation.updatedAt()));
  }

  static JsonObject message(Message message) {
    return new JsonObject()
        .put("id", message.id().toString())
        .put("conversation_id", message.conversationId().toString())
        .put("role", message.role())
        .put("content", message.content())
        .put("created_at", time(message.createdAt()));
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }
}
