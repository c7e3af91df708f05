package io.portcullis.local;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks PostgreSQL from the class path into a folder that is kept. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /**
   * The folder with {@code bin}, unpacked when it is not there.
   *
   * @param target appears whole or not at all
   */
  static Path unpack(Path target) {
    if (Files.isDirectory(target)) {
      return target;
    }
    try {
      Folders.build(target, PostgresBinaries::extract);
      return target;
    } catch (IOException e) {
      throw new LocalFailure("PostgreSQL cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private static void extract(Path folder) throws IOException {
    String system = System.getProperty("os.name", "").startsWith("Mac") ? "Darwin" : "Linux";
    String machine = ArchUtils.normalize(System.getProperty("os.arch", ""));
    try (var binary = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
      if (binary == null) {
        throw new LocalFailure("There is no PostgreSQL for " + system + " on " + machine);
      }
      try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(binary))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          write(folder, tar, entry);
        }
      }
    }
  }

  private static void write(Path folder, TarArchiveInputStream tar, TarArchiveEntry entry)
      throws IOException {
    Path file = folder.resolve(entry.getName()).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("entry outside of the folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(Folders.parent(file));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
