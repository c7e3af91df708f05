package io.portcullis.audit;

import io.portcullis.model.AuditEvent;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The body of an entry: an event as canonical JSON. These exact bytes go to the journal, into the
 * database and under the hash.
 *
 * <p>What an attacker can influence (a path, a user agent, a subject) must neither block the trail
 * nor bloat it, so every text is made storable here and never refused: NUL and lone surrogates,
 * which PostgreSQL cannot keep, become U+FFFD; over-long texts are cut and end in {@code …}; times
 * outside the years 1 to 9999 become the nearest one within.
 */
final class EventBody {
  /** Version of the body's members. */
  static final int VERSION = 1;

  private static final int MAX_TEXT = 512;
  private static final int MAX_NAME = 64;
  private static final int MAX_DETAILS = 32;
  private static final char REPLACEMENT = '\uFFFD';
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EventBody() {}

  /** The canonical bytes of an event that the node recorded. Any event has them. */
  static byte[] encode(AuditEvent event, String node) {
    Map<String, Object> body = new TreeMap<>();
    body.put("actor", storable(event.actor(), MAX_TEXT));
    body.put("at", MICROS.format(storable(event.at())));
    body.put("chain", event.chain());
    body.put("details", details(event.details()));
    body.put("id", event.id().toString());
    body.put("node", storable(node, MAX_NAME));
    body.put("outcome", event.outcome().name().toLowerCase(Locale.ROOT));
    body.put("reason", storable(event.reason(), MAX_TEXT));
    body.put("request_id", storable(event.requestId(), MAX_TEXT));
    body.put("type", storable(event.type(), MAX_TEXT));
    body.put("v", VERSION);
    body.put("weight", event.weight().name().toLowerCase(Locale.ROOT));
    return CanonicalJson.bytes(body);
  }

  /**
   * What the columns of an entry repeat of its body.
   *
   * @throws IllegalArgumentException when the text is not a body
   */
  static Columns columns(String body) {
    try {
      JsonObject json = new JsonObject(body);
      String id = json.getString("id");
      String at = json.getString("at");
      String chain = json.getString("chain");
      if (id == null || at == null || chain == null) {
        throw new IllegalArgumentException("id, at or chain is missing");
      }
      return new Columns(chain, UUID.fromString(id), Instant.parse(at), body);
    } catch (DecodeException | ClassCastException | DateTimeParseException e) {
      throw new IllegalArgumentException("not an event", e);
    }
  }

  /** Whether a body is in the one form that {@link #encode} writes. */
  static boolean canonical(String body) {
    try {
      return CanonicalJson.text(new JsonObject(body).getMap()).equals(body);
    } catch (DecodeException | IllegalArgumentException e) {
      return false;
    }
  }

  /** An entry before it has its place in the chain. */
  record Columns(String chain, UUID eventId, Instant at, String body) {
    static Columns of(byte[] payload) {
      return columns(new String(payload, StandardCharsets.UTF_8));
    }
  }

  private static Map<String, Object> details(Map<String, String> details) {
    Map<String, Object> storable = new TreeMap<>();
    for (Map.Entry<String, String> detail : details.entrySet()) {
      if (storable.size() >= MAX_DETAILS) {
        storable.put("…", details.size() - MAX_DETAILS + " more");
        break;
      }
      storable.put(storable(detail.getKey(), MAX_NAME), storable(detail.getValue(), MAX_TEXT));
    }
    return storable;
  }

  private static Instant storable(Instant at) {
    return at.isBefore(EARLIEST) ? EARLIEST : at.isAfter(LATEST) ? LATEST : at;
  }

  private static String storable(String text, int max) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), max) + 1);
    for (int i = 0; i < text.length(); i++) {
      if (out.length() >= max) {
        return out.append('…').toString();
      }
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        out.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return out.toString();
  }
}
