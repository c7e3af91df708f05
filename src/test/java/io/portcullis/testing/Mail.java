package io.portcullis.testing;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real SMTP server on a free port of loopback that keeps what it is given. */
public final class Mail implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  private Mail() {}

  /** Starts one. */
  public static Mail start() {
    Mail mail = new Mail();
    mail.server.start();
    return mail;
  }

  /** The port of SMTP. */
  public int port() {
    return server.getSmtp().getPort();
  }

  /** The first letter to an address with that subject, once it is there. */
  public Letter letter(String address, String subject) {
    List<Letter> found = new ArrayList<>();
    Await.until(
        () -> found.addAll(received(address, subject)),
        PATIENCE,
        () -> "'%s' for %s; there are %s".formatted(subject, address, received()));
    return found.getFirst();
  }

  @Override
  public void close() {
    server.stop();
  }

  private List<Letter> received(String address, String subject) {
    return received().stream()
        .filter(letter -> letter.to().contains(address) && letter.subject().equals(subject))
        .toList();
  }

  private List<Letter> received() {
    return Arrays.stream(server.getReceivedMessages()).map(Letter::of).toList();
  }

  /** A letter: who gets it, and its plain text. */
  public record Letter(String from, List<String> to, String subject, String text) {
    private static final Pattern LINK = Pattern.compile("https?://\\S+");

    /** The only link in it. */
    public URI link() {
      Matcher matcher = LINK.matcher(text);
      if (!matcher.find()) {
        throw new AssertionError("no link in " + text);
      }
      URI link = URI.create(matcher.group());
      if (matcher.find()) {
        throw new AssertionError("more than one link in " + text);
      }
      return link;
    }

    private static Letter of(MimeMessage message) {
      try {
        return new Letter(
            names(message.getFrom()).getFirst(),
            names(message.getAllRecipients()),
            message.getSubject(),
            plain(message).orElse(""));
      } catch (MessagingException | IOException e) {
        throw new AssertionError(e);
      }
    }

    private static List<String> names(Address[] addresses) {
      return Arrays.stream(addresses).map(Address::toString).toList();
    }

    private static Optional<String> plain(Part part) throws MessagingException, IOException {
      if (part.isMimeType("text/plain")) {
        return Optional.of(part.getContent().toString());
      }
      if (part.getContent() instanceof Multipart parts) {
        for (int i = 0; i < parts.getCount(); i++) {
          Optional<String> found = plain(parts.getBodyPart(i));
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    }
  }
}
