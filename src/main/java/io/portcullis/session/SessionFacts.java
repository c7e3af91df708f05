package io.portcullis.session;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.portcullis.redis.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Whose a session is, for operators, who have no handle: beside each record, under the session's
 * public name, sealed with AES-256-GCM under a key derived from the master key alone. Nothing in it
 * lets anybody use the session.
 */
final class SessionFacts {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{16}");
  private static final JsonLimits LIMITS = new JsonLimits(16 << 10, 1, 8 << 10, 16);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final StateCalls redis;
  private final MasterKeys keys;

  SessionFacts(StateCalls redis, MasterKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** Writes them, or prolongs them by writing them again. */
  Future<Void> put(Session session, long lifeMillis) {
    String key = key(session.id());
    List<byte[]> words =
        List.of(
            Handle.ascii("SET"),
            Handle.ascii(key),
            seal(key, text(SessionEntry.of(session))),
            Handle.ascii("PX"),
            StateCalls.number(lifeMillis));
    return SessionStore.callAgain(redis, words).mapEmpty();
  }

  /** What is known under a public name; empty when that is nothing. */
  Future<Optional<SessionEntry>> find(String id) {
    if (!ID.matcher(id).matches()) {
      return Future.succeededFuture(Optional.empty());
    }
    String key = key(id);
    return redis
        .call(List.of(Handle.ascii("GET"), Handle.ascii(key)))
        .map(
            reply ->
                reply.kind() == Reply.Kind.TEXT
                    ? open(key, reply.bytes()).flatMap(text -> read(id, text))
                    : Optional.empty());
  }

  Future<Void> remove(String id) {
    return redis.call(List.of(Handle.ascii("DEL"), Handle.ascii(key(id)))).mapEmpty();
  }

  private static String key(String id) {
    return "pc:sf:{" + id + "}";
  }

  private static byte[] text(SessionEntry entry) {
    return new JsonObject()
        .put("iss", entry.issuer())
        .put("org", entry.tenant())
        .put("sub", entry.subject())
        .put("usr", entry.username())
        .put("sid", entry.providerSession())
        .put("new", entry.created().toEpochMilli())
        .put("end", entry.absoluteEnd().toEpochMilli())
        .toBuffer()
        .getBytes();
  }

  private static Optional<SessionEntry> read(String id, byte[] text) {
    try {
      JsonObject json = JsonText.parseObject(text, LIMITS);
      return Optional.of(
          new SessionEntry(
              id,
              Objects.requireNonNull(json.getString("iss")),
              Objects.requireNonNull(json.getString("org")),
              Objects.requireNonNull(json.getString("sub")),
              Objects.requireNonNull(json.getString("usr")),
              Objects.requireNonNull(json.getString("sid")),
              Instant.ofEpochMilli(Objects.requireNonNull(json.getLong("new"))),
              Instant.ofEpochMilli(Objects.requireNonNull(json.getLong("end")))));
    } catch (JsonTextException | ClassCastException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private byte[] seal(String key, byte[] text) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.current(), key, nonce).doFinal(text);
      return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  /** Under whichever master key it was written. */
  private Optional<byte[]> open(String key, byte[] sealed) {
    if (sealed.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
    for (String id : keys.ids()) {
      try {
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, id, key, nonce);
        return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
      } catch (GeneralSecurityException e) {
        // Not under this one.
      }
    }
    return Optional.empty();
  }

  private Cipher cipher(int mode, String id, String key, byte[] nonce)
      throws GeneralSecurityException {
    SecretKey derived = keys.derive(id, "portcullis session facts 1", "AES").orElseThrow();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, derived, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(Handle.ascii(key));
    return cipher;
  }
}
