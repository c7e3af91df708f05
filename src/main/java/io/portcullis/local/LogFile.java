package io.portcullis.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where one part writes. Each start begins a new file and keeps the one before. */
record LogFile(Path path) {
  private static final int TAIL_BYTES = 16 * 1024;

  /** Moves the log of the last run aside. */
  void rotate() {
    try {
      Files.createDirectories(Folders.parent(path));
      if (Files.exists(path)) {
        Files.move(
            path,
            path.resolveSibling(path.getFileName() + ".1"),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new LocalFailure("cannot write the log " + path + ": " + e.getMessage(), e);
    }
  }

  /** The last lines; empty when there is nothing to read. */
  List<String> tail(int lines) {
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      long from = Math.max(0, file.length() - TAIL_BYTES);
      file.seek(from);
      var bytes = new byte[(int) (file.length() - from)];
      file.readFully(bytes);
      List<String> all =
          new String(bytes, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
