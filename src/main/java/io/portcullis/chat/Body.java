package io.portcullis.chat;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The JSON object in a request's body: one known member, which is text. Every method throws the
 * refusal that names what is wrong and where.
 */
final class Body {
  static final int MAX_TITLE = 200;
  static final int MAX_CONTENT = 32_000;

  /** A string's own bound is the whole body, so that a long one is refused by its field's name. */
  private static final JsonLimits SMALL = new JsonLimits(8 * 1024, 8, 8 * 1024, 64);

  /** The longest content, every character written as two escapes, fits. */
  private static final JsonLimits LARGE = new JsonLimits(400 * 1024, 8, 400 * 1024, 64);

  /** RFC 9110 section 8.3: the charset is the only parameter these types could mean. */
  private static final String PARAMETERS = "(?:[ \\t]*;[ \\t]*charset=(?:utf-8|\"utf-8\"))?";

  private static final Pattern JSON =
      Pattern.compile("application/json" + PARAMETERS, Pattern.CASE_INSENSITIVE);
  private static final Pattern JSON_OR_MERGE_PATCH =
      Pattern.compile("application/(?:merge-patch\\+)?json" + PARAMETERS, Pattern.CASE_INSENSITIVE);

  private Body() {}

  /** Refuses a body where none has a meaning. */
  static void none(ServiceRequest request) {
    if (request.body().length() > 0) {
      throw Refusals.invalid("body", "this request takes none");
    }
  }

  /** The title of a new conversation. */
  static String newTitle(ServiceRequest request) {
    return title(object(request, JSON, SMALL, "title"));
  }

  /** The members that a merge patch (RFC 7396) of a conversation changes: title, or none. */
  static Optional<String> changedTitle(ServiceRequest request) {
    JsonObject patch = object(request, JSON_OR_MERGE_PATCH, SMALL, "title");
    if (patch.containsKey("title") && patch.getValue("title") == null) {
      throw Refusals.invalid("title", "cannot be removed");
    }
    return patch.isEmpty() ? Optional.empty() : Optional.of(title(patch));
  }

  /** The content of a new message. */
  static String newContent(ServiceRequest request) {
    String content = text(object(request, JSON, LARGE, "content"), "content");
    checkLength("content", content, MAX_CONTENT);
    if (content.indexOf('\0') >= 0) {
      throw Refusals.invalid("content", "must not contain the character U+0000");
    }
    return content;
  }

  private static String title(JsonObject body) {
    String title = text(body, "title");
    if (title.codePoints().anyMatch(Character::isISOControl)) {
      throw Refusals.invalid("title", "must not contain control characters");
    }
    String stripped = title.strip();
    checkLength("title", stripped, MAX_TITLE);
    return stripped;
  }

  private static String text(JsonObject body, String member) {
    if (!body.containsKey(member)) {
      throw Refusals.invalid(member, "is required");
    }
    if (body.getValue(member) instanceof String text) {
      return text;
    }
    throw Refusals.invalid(member, "must be a string");
  }

  /** Characters are Unicode code points, as JSON Schema counts them. */
  private static void checkLength(String member, String text, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > max) {
      throw Refusals.invalid(member, "must have 1 to " + max + " characters");
    }
  }

  private static JsonObject object(
      ServiceRequest request, Pattern mediaType, JsonLimits limits, String member) {
    if (request.body().length() == 0) {
      throw Refusals.invalid("body", "a JSON object is required");
    }
    checkMediaType(request, mediaType);
    if (request.body().length() > limits.maxBytes()) {
      throw Rejection.of(
          Problem.PAYLOAD_TOO_LARGE,
          "payload-too-large",
          "The body may have at most " + limits.maxBytes() + " bytes.");
    }
    JsonObject object;
    try {
      object = JsonText.parseObject(request.body(), limits);
    } catch (JsonTextException e) {
      throw Refusals.invalid("body", String.valueOf(e.getMessage()));
    }
    for (String name : object.fieldNames()) {
      if (!name.equals(member)) {
        throw Refusals.unknown("member", name);
      }
    }
    return object;
  }

  private static void checkMediaType(ServiceRequest request, Pattern mediaType) {
    String given = request.headers().getOrDefault("content-type", "");
    if (!mediaType.matcher(given.strip()).matches()) {
      throw Rejection.of(
          Problem.UNSUPPORTED_MEDIA_TYPE,
          "unsupported-media-type",
          "The Content-Type must be application/json, in UTF-8.");
    }
  }
}
