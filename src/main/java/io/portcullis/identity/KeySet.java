package io.portcullis.identity;

import java.util.List;
import java.util.Optional;

/**
 * An issuer's keys as of one fetch. Immutable, read by every event loop.
 *
 * <p>A key that survives a refresh unchanged stays the same object, so that asking whether the key
 * of a remembered token is still trusted is a comparison of references.
 */
final class KeySet {
  /** Before the first fetch. */
  static final KeySet NONE = new KeySet(List.of(), 0);

  private final List<SigningKey> keys;
  private final long fetchedAtMillis;

  private KeySet(List<SigningKey> keys, long fetchedAtMillis) {
    this.keys = keys;
    this.fetchedAtMillis = fetchedAtMillis;
  }

  /** What is trusted after a fetch: exactly what it brought. */
  KeySet replacedBy(List<SigningKey> fetched, long nowMillis) {
    return new KeySet(fetched.stream().map(this::known).toList(), nowMillis);
  }

  private SigningKey known(SigningKey fetched) {
    for (SigningKey key : keys) {
      if (key.equals(fetched)) {
        return key;
      }
    }
    return fetched;
  }

  /**
   * The one key for a token. Without a {@code kid}, and among keys that share one, the choice must
   * be unambiguous.
   */
  Optional<SigningKey> find(Optional<String> id, Algorithm algorithm) {
    SigningKey found = null;
    for (SigningKey key : keys) {
      if (key.fits(algorithm) && (id.isEmpty() || id.equals(key.id()))) {
        if (found != null) {
          return Optional.empty();
        }
        found = key;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Whether any key, fitting or not, has this {@code kid}. */
  boolean knows(String id) {
    for (SigningKey key : keys) {
      if (key.id().isPresent() && key.id().get().equals(id)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this very key is among them. */
  @SuppressWarnings("ReferenceEquality") // see the class comment
  boolean contains(SigningKey wanted) {
    for (SigningKey key : keys) {
      if (key == wanted) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  int size() {
    return keys.size();
  }

  /** When the fetch began. Meaningless when empty. */
  long fetchedAtMillis() {
    return fetchedAtMillis;
  }
}
