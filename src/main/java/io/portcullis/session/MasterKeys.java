package io.portcullis.session;

import io.portcullis.config.SessionConfig;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets from which every key of this room is derived (HKDF-SHA256, RFC 5869); none is used as
 * it is. The first is the current one, the others are only for reading what was written under them.
 * Safe on any thread.
 */
public final class MasterKeys {
  private static final byte[] NO_SALT = {};

  private final Map<String, byte[]> keys = new LinkedHashMap<>();
  private final String current;

  /** The keys of a configuration that has sessions on. */
  public MasterKeys(SessionConfig config) {
    for (SessionConfig.MasterKey key : config.masterKeys()) {
      keys.put(key.id(), Base64.getDecoder().decode(key.material().value()));
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("sessions need a master key");
    }
    current = keys.keySet().iterator().next();
  }

  /** The id of the key under which everything new is written. */
  public String current() {
    return current;
  }

  /** The ids of all keys, the current one first. */
  public List<String> ids() {
    return List.copyOf(keys.keySet());
  }

  /**
   * A key for one purpose.
   *
   * @param id which master key
   * @param purpose what the derived key is for; different purposes give unrelated keys
   * @return 256 bits for {@code algorithm}; empty when there is no such master key
   */
  public Optional<SecretKey> derive(String id, String purpose, String algorithm) {
    return derive(id, NO_SALT, purpose, algorithm);
  }

  /**
   * A key for one purpose that depends on a second secret as well: without {@code salt} the master
   * key tells nothing of it.
   */
  Optional<SecretKey> derive(String id, byte[] salt, String purpose, String algorithm) {
    byte[] master = keys.get(id);
    if (master == null) {
      return Optional.empty();
    }
    HKDFParameterSpec spec =
        HKDFParameterSpec.ofExtract()
            .addIKM(new SecretKeySpec(master, "Generic"))
            .addSalt(salt)
            .thenExpand(purpose.getBytes(java.nio.charset.StandardCharsets.UTF_8), 32);
    try {
      return Optional.of(KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, spec));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform has no HKDF-SHA256", e);
    }
  }
}
