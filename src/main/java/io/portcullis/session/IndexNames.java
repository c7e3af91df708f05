package io.portcullis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The keys of the indexes: HMACs of what is looked for, so that Redis shows neither a subject nor a
 * session of the issuer, and nobody without the master key can test a guess.
 */
final class IndexNames {
  private final List<SecretKey> macKeys;

  IndexNames(MasterKeys keys) {
    macKeys =
        keys.ids().stream()
            .flatMap(id -> keys.derive(id, "portcullis session index 1", "HmacSHA256").stream())
            .toList();
  }

  /** Where sessions of a person may be found: under each master key, the current one first. */
  List<String> ofSubject(String issuer, String subject) {
    return names("pc:su:", issuer, subject);
  }

  /** Where sessions of a session of the issuer may be found, the current master key first. */
  List<String> ofProviderSession(String issuer, String providerSession) {
    return names("pc:si:", issuer, providerSession);
  }

  private List<String> names(String prefix, String issuer, String value) {
    List<String> names = new ArrayList<>(macKeys.size());
    for (SecretKey key : macKeys) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key);
        // With the issuer's length in front no two pairs read the same.
        mac.update((prefix + issuer.length() + ":" + issuer + value).getBytes(UTF_8));
        names.add(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("HMAC-SHA256 failed", e);
      }
    }
    return names;
  }
}
