package io.portcullis.session;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** A session as compact JSON, with exactly the members below. Times are milliseconds. */
final class SessionText {
  private static final JsonLimits LIMITS = new JsonLimits(256 << 10, 1, 128 << 10, 32);
  private static final int MEMBERS = 17;
  private static final String NEXT = "next";

  private SessionText() {}

  static byte[] write(Session session) {
    return new JsonObject()
        .put("id", session.id())
        .put("iss", session.issuer())
        .put("org", session.tenant())
        .put("sub", session.subject())
        .put("usr", session.username())
        .put("sid", session.providerSession())
        .put("at", session.accessToken())
        .put("ato", session.accessObtained().toEpochMilli())
        .put("ate", session.accessExpires().toEpochMilli())
        .put("rt", session.refreshToken())
        .put("rte", session.refreshExpires().toEpochMilli())
        .put("idt", session.idToken())
        .put("aut", session.authenticatedAt().toEpochMilli())
        .put("acr", session.level())
        .put("new", session.created().toEpochMilli())
        .put("end", session.absoluteEnd().toEpochMilli())
        .put("rot", session.rotated().toEpochMilli())
        .toBuffer()
        .getBytes();
  }

  /**
   * Reads it back.
   *
   * @param generation as the record's head has it
   * @return empty when it was not written by this version
   */
  static Optional<Session> read(byte[] text, long generation) {
    try {
      JsonObject json = JsonText.parseObject(text, LIMITS);
      return json.size() == MEMBERS ? Optional.of(session(json, generation)) : Optional.empty();
    } catch (JsonTextException | ClassCastException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static Session session(JsonObject json, long generation) {
    return new Session(
        text(json, "id"),
        text(json, "iss"),
        text(json, "org"),
        text(json, "sub"),
        text(json, "usr"),
        text(json, "sid"),
        text(json, "at"),
        time(json, "ato"),
        time(json, "ate"),
        text(json, "rt"),
        time(json, "rte"),
        text(json, "idt"),
        time(json, "aut"),
        text(json, "acr"),
        time(json, "new"),
        time(json, "end"),
        time(json, "rot"),
        generation);
  }

  /** The body of an alias that leads on: the cookie that took this one's place. */
  static byte[] writeNext(String cookie) {
    return new JsonObject().put(NEXT, cookie).toBuffer().getBytes();
  }

  /** The cookie an alias leads to; empty when it keeps a session instead. */
  static Optional<String> readNext(byte[] text) {
    try {
      JsonObject json = JsonText.parseObject(text, LIMITS);
      return json.size() == 1 ? Optional.of(text(json, NEXT)) : Optional.empty();
    } catch (JsonTextException | ClassCastException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject json, String name) {
    return java.util.Objects.requireNonNull((String) json.getValue(name));
  }

  private static Instant time(JsonObject json, String name) {
    Number number = java.util.Objects.requireNonNull((Number) json.getValue(name));
    return Instant.ofEpochMilli(number.longValue());
  }
}
