package io.portcullis.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Whole folders: made at one stroke, copied, deleted. */
final class Folders {
  /** A file lock holds between processes; within this one it takes a lock for each folder. */
  private static final ConcurrentMap<Path, Object> IN_THIS_JVM = new ConcurrentHashMap<>();

  private Folders() {}

  /** Fills a folder. */
  interface Filler {
    void fill(Path folder) throws IOException;
  }

  /**
   * Makes a folder that appears only when it is complete; several processes may ask for the same.
   */
  static void build(Path target, Filler filler) throws IOException {
    Path parent = parent(target);
    Files.createDirectories(parent);
    Path lock = parent.resolve("." + target.getFileName() + ".lock");
    synchronized (IN_THIS_JVM.computeIfAbsent(lock, path -> new Object())) {
      try (var channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var held = channel.lock()) {
        if (!held.isValid() || Files.isDirectory(target)) {
          return;
        }
        Path draft = parent.resolve("." + target.getFileName() + ".draft");
        delete(draft);
        Files.createDirectories(draft);
        filler.fill(draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** The folder that a file is in. */
  static Path parent(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
  }

  /** Copies a folder with its attributes and links into one that may exist. */
  static void copy(Path from, Path to) throws IOException {
    CopyOption[] options = {
      StandardCopyOption.COPY_ATTRIBUTES,
      StandardCopyOption.REPLACE_EXISTING,
      LinkOption.NOFOLLOW_LINKS
    };
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(folder));
            if (!Files.isDirectory(target)) {
              Files.copy(folder, target, options);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)), options);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes a folder and what is in it, if it is there. Links are removed, not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException problem)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
