package io.portcullis.tls;

import java.io.IOException;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys of the intermediates, decrypted when first needed. Used under the lock of the directory
 * alone.
 */
final class Keyring implements AutoCloseable {
  private final CaDirectory directory;
  private final char[] passphrase;
  private final Map<Integer, PrivateKey> keys = new HashMap<>();

  Keyring(CaDirectory directory, char[] passphrase) {
    this.directory = directory;
    this.passphrase = passphrase.clone();
  }

  char[] passphrase() {
    return passphrase;
  }

  Signer.Issuer issuer(Authority intermediate) throws IOException {
    PrivateKey key = keys.get(intermediate.number());
    if (key == null) {
      key = KeyFile.read(directory.key(intermediate), passphrase, intermediate.x509());
      keys.put(intermediate.number(), key);
    }
    return Signer.Issuer.of(intermediate.x509(), key);
  }

  @Override
  public void close() {
    Arrays.fill(passphrase, '\0');
    keys.clear();
  }
}
