package io.portcullis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals records: AES-256-GCM under a key of their own, derived from a master key and the handle, so
 * that neither of the two opens anything alone. The head and the record's key in Redis are bound to
 * it: a body that is moved or given another head does not open. Nonces are random, 96 bits; one key
 * sees a few hundred of them.
 */
final class RecordCipher {
  private static final String PURPOSE = "portcullis session record 1";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int TENANT_TAG_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final MasterKeys keys;
  private final Map<String, SecretKey> tenantKeys = new HashMap<>();

  RecordCipher(MasterKeys keys) {
    this.keys = keys;
    for (String id : keys.ids()) {
      keys.derive(id, "portcullis session tenant 1", "HmacSHA256")
          .ifPresent(key -> tenantKeys.put(id, key));
    }
  }

  /** Whether records of this handle can be read at all. */
  boolean knows(Handle handle) {
    return tenantKeys.containsKey(handle.keyId());
  }

  /** The mark of a tenant in the head, which only we can make. */
  String tenantTag(Handle handle, String tenant) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(tenantKeys.get(handle.keyId()));
      byte[] tag = Arrays.copyOf(mac.doFinal(tenant.getBytes(UTF_8)), TENANT_TAG_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 failed", e);
    }
  }

  byte[] seal(Handle handle, RecordHead head, byte[] body) {
    byte[] start = Handle.ascii(head.text());
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, handle, nonce, start);
      byte[] sealed = cipher.doFinal(body);
      return ByteBuffer.allocate(start.length + NONCE_BYTES + sealed.length)
          .put(start)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  /** Whether it opens under another key than the handle names: then the cookie is none of ours. */
  boolean opensOtherwise(Handle handle, RecordHead head, byte[] record) {
    return keys.ids().stream()
        .filter(id -> !id.equals(handle.keyId()))
        .anyMatch(id -> open(handle.under(id), head, record).isPresent());
  }

  /** The body of a record; empty when anything of it was changed, or it belongs elsewhere. */
  Optional<byte[]> open(Handle handle, RecordHead head, byte[] record) {
    byte[] start = Handle.ascii(head.text());
    int from = start.length + NONCE_BYTES;
    if (record.length <= from) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOfRange(record, start.length, from);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, handle, nonce, start);
      return Optional.of(cipher.doFinal(record, from, record.length - from));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, Handle handle, byte[] nonce, byte[] start)
      throws GeneralSecurityException {
    SecretKey key = keys.derive(handle.keyId(), handle.secret(), PURPOSE, "AES").orElseThrow();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(start);
    cipher.updateAAD(Handle.ascii(Handle.recordKey(handle.name())));
    return cipher;
  }
}
