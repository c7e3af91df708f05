package io.portcullis.tls;

import io.portcullis.tls.MaterialFiles.Content;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has changed in the files since the last look. By content, not by events: a folder that is
 * swapped by a symbolic link, or a file on a mounted secret, gives no event worth trusting. Blocks;
 * one look at a time.
 */
final class FileWatch {
  /** The same bad files are tried again after this: a certificate may become valid with time. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final MaterialFiles files;
  private final Path certificateFile;
  private final Clock clock;
  private String listSeen = "";
  private String refused = "";
  private Instant refusedAt = Instant.EPOCH;

  FileWatch(MaterialFiles files, Path certificateFile, Clock clock) {
    this.files = files;
    this.certificateFile = certificateFile;
    this.clock = clock;
  }

  /** A deny list that is new; throws {@link BadMaterialException} once for each that is broken. */
  Optional<DenyList> newDenyList() {
    String seen = "";
    try {
      Optional<byte[]> content = files.readDenied();
      seen = content.map(MaterialFiles::hash).orElse("");
      if (seen.equals(listSeen)) {
        return Optional.empty();
      }
      Optional<DenyList> list = content.map(files::parseDenied);
      listSeen = seen;
      return list;
    } catch (BadMaterialException bad) {
      String failure = seen + bad.getMessage();
      if (failure.equals(listSeen)) {
        return Optional.empty();
      }
      listSeen = seen.isEmpty() ? failure : seen;
      throw bad;
    }
  }

  /**
   * Material that is not {@code current} and holds in every check and a trial; throws {@link
   * BadMaterialException} for what does not, not more often than every 30 s for the same files.
   */
  Look look(@Nullable TlsMaterial current, DenyList denied) {
    String seen = "";
    try {
      Content content = files.read();
      seen = content.hash();
      if (current != null && seen.equals(current.content())) {
        refused = "";
        return new Look(Optional.empty(), true);
      }
      if (isRefused(seen)) {
        return new Look(Optional.empty(), false);
      }
      TlsMaterial candidate = files.load(content, denied, clock.instant());
      HandshakeTrial.run(certificateFile, candidate);
      return new Look(Optional.of(candidate), false);
    } catch (BadMaterialException bad) {
      String failure = seen.isEmpty() ? String.valueOf(bad.getMessage()) : seen;
      if (isRefused(failure)) {
        return new Look(Optional.empty(), false);
      }
      refuse(failure);
      throw bad;
    }
  }

  /** These did not prove themselves; they are not tried again at once. */
  void refuse(String content) {
    refused = content;
    refusedAt = clock.instant();
  }

  private boolean isRefused(String what) {
    return what.equals(refused) && clock.instant().isBefore(refusedAt.plus(AGAIN));
  }

  /**
   * What a look showed.
   *
   * @param candidate new material that may be used
   * @param asServed the files are what is in use
   */
  record Look(Optional<TlsMaterial> candidate, boolean asServed) {}
}
