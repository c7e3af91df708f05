package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Makes a new authority beside the place where it belongs and moves it there when it is whole, so
 * that a crash leaves a draft and never half an authority.
 */
record Founding(CaSettings settings, InstantSource clock) {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  void found(Passphrases passphrases) throws IOException {
    Path target = CaDirectory.of(settings.directory()).path();
    refuseTaken(target);
    Path parent = PrivateFiles.folderOf(target);
    Files.createDirectories(parent);
    Path draft = parent.resolve("." + target.getFileName() + PrivateFiles.DRAFT + "init");
    PrivateFiles.folder(draft);
    PrivateFiles.check(draft);
    try (var held = CaLock.hold(draft, PATIENCE)) {
      refuseTaken(target);
      clear(draft);
      fill(new CaDirectory(draft), passphrases);
      PrivateFiles.sync(draft);
      move(draft, target);
      PrivateFiles.sync(parent);
    }
  }

  private void fill(CaDirectory draft, Passphrases passphrases) throws IOException {
    try (Keyring keys = new Keyring(draft, passphrases.ca())) {
      Workshop workshop = new Workshop(draft, keys, clock);
      Instant now = clock.instant();
      PrivateFiles.folder(draft.identities());
      CaState state =
          new CaState(
              settings.environment(),
              settings.crlUrl(),
              settings.ocspUrl(),
              settings.settle(),
              now.plus(Terms.TICKETS),
              true,
              List.of(),
              List.of());
      var made = workshop.newRoot(state, Authority.Phase.ACTIVE, passphrases.root());
      state =
          workshop.newIntermediate(
              made.state(), made.root(), made.key(), Authority.Phase.ACTIVE, now);
      new TicketKeys(draft.tickets()).rotate();
      workshop.publish(state);
    }
  }

  private static void refuseTaken(Path target) throws IOException {
    if (Files.exists(target.resolve("ca.json"))) {
      throw new CaException(target + " holds a certificate authority already");
    }
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new CaException(target + " is not a directory");
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(target)) {
      if (content.iterator().hasNext()) {
        throw new CaException(target + " is not empty");
      }
    }
  }

  private static void clear(Path draft) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(draft)) {
      for (Path one : leftovers) {
        if (!one.endsWith(CaLock.NAME)) {
          PrivateFiles.delete(one);
        }
      }
    }
  }

  private static void move(Path draft, Path target) throws IOException {
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException e) {
      throw new CaException(target + " was made by somebody else meanwhile", e);
    } catch (FileSystemException e) {
      throw new CaException("cannot move " + draft + " to " + target + ": " + e.getReason(), e);
    }
  }
}
