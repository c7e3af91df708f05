package io.portcullis.identity;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Something taken back: credentials that were good and are to be refused from now on.
 *
 * @param kind what it is about
 * @param issuer whose session or user it is; empty for any issuer's
 * @param name the session ({@code sid}), the subject ({@code sub}) or the id of the tenant's
 *     organization; empty for everything
 * @param before credentials issued in this second or earlier are refused; whole seconds, as {@code
 *     iat} is. A session is refused whenever its tokens were issued
 * @param reason for operators; a few words, no secret
 */
public record Revocation(Kind kind, String issuer, String name, Instant before, String reason) {
  private static final int MAX_ISSUER = 512;
  private static final int MAX_NAME = 256;
  private static final int MAX_REASON = 200;
  private static final JsonLimits LIMITS = new JsonLimits(8 * 1024, 1, 2 * 1024, 8);

  /** What a revocation is about. */
  public enum Kind {
    /** One login and all tokens of it. */
    SESSION,
    /** One user, or service account. */
    USER,
    /** All members of one tenant. */
    TENANT,
    /** Everybody. */
    ALL
  }

  /** Checks the shape and cuts the time to its second. */
  public Revocation {
    if ((kind == Kind.ALL) != name.isEmpty()) {
      throw new IllegalArgumentException("everything has no name, and all else has one");
    }
    if (issuer.length() > MAX_ISSUER || name.length() > MAX_NAME || reason.length() > MAX_REASON) {
      throw new IllegalArgumentException("a revocation's texts are limited");
    }
    if (before.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException("a time before 1970");
    }
    before = before.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The kind as people write it. */
  public String label() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** What the audit trail has of it. */
  public Map<String, String> facts() {
    Map<String, String> facts = new TreeMap<>();
    facts.put("kind", label());
    facts.put("name", name);
    facts.put("issuer", issuer);
    facts.put("issued_before", before.toString());
    facts.put("why", reason);
    facts.values().removeIf(String::isEmpty);
    return facts;
  }

  /** The form in the store: equal revocations have equal texts. */
  String text() {
    return new JsonObject()
        .put("k", label())
        .put("i", issuer)
        .put("n", name)
        .put("b", before.getEpochSecond())
        .put("r", reason)
        .encode();
  }

  /** What {@link #text} wrote; empty when it is anything else. */
  static Optional<Revocation> of(String text) {
    try {
      JsonObject json = JsonText.parseObject(Buffer.buffer(text), LIMITS);
      return Optional.of(
          new Revocation(
              Kind.valueOf(member(json, "k").toUpperCase(Locale.ROOT)),
              member(json, "i"),
              member(json, "n"),
              Instant.ofEpochSecond(json.getLong("b", -1L)),
              member(json, "r")));
    } catch (JsonTextException | IllegalArgumentException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static String member(JsonObject json, String name) {
    if (json.getValue(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + " is no text");
  }
}
