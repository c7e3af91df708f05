package io.portcullis.tls;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/**
 * Which identity to issue. The SPIFFE URI follows from the authority's environment and the role
 * alone; nobody can ask for another one.
 *
 * @param role {@code [a-z][a-z0-9-]{0,31}}
 * @param dns further DNS names; {@code <role>.portcullis.internal} is always there
 * @param ips further IP addresses, literal
 * @param life from 1 minute to 90 days
 */
public record IdentityRequest(String role, List<String> dns, List<String> ips, Duration life) {
  /** The zone of the names that every identity has by itself. */
  public static final String ZONE = ".portcullis.internal";

  /** How long an identity lives unless told otherwise. */
  public static final Duration USUAL_LIFE = Duration.ofHours(24);

  static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
  static final Duration LONGEST_LIFE = Duration.ofDays(90);

  private static final int MOST_NAMES = 50;
  private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}\\z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*"
              + "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /** Checks everything: what passes here goes into file names and certificates as it is. */
  public IdentityRequest {
    checkRole(role);
    dns = List.copyOf(new LinkedHashSet<>(dns));
    ips = new LinkedHashSet<>(ips).stream().map(IdentityRequest::address).distinct().toList();
    if (dns.size() + ips.size() > MOST_NAMES) {
      throw new CaException("more than " + MOST_NAMES + " names for " + role);
    }
    dns.forEach(name -> checkName(role, name));
    if (life.compareTo(SHORTEST_LIFE) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
      throw new CaException("a certificate lives between 1 minute and 90 days, not " + life);
    }
  }

  /** The identity of a role with its own name and the usual life. */
  public static IdentityRequest of(String role) {
    return new IdentityRequest(role, List.of(), List.of(), USUAL_LIFE);
  }

  /** The same, with these DNS names too. */
  public IdentityRequest withDns(String... names) {
    List<String> all = new ArrayList<>(dns);
    all.addAll(List.of(names));
    return new IdentityRequest(role, all, ips, life);
  }

  /** The same, with these IP addresses too. */
  public IdentityRequest withIp(String... addresses) {
    List<String> all = new ArrayList<>(ips);
    all.addAll(List.of(addresses));
    return new IdentityRequest(role, dns, all, life);
  }

  /** The same with another life. */
  public IdentityRequest withLife(Duration time) {
    return new IdentityRequest(role, dns, ips, time);
  }

  /** All DNS names of the certificate, its own first. */
  List<String> names() {
    LinkedHashSet<String> all = new LinkedHashSet<>();
    all.add(role + ZONE);
    all.addAll(dns);
    return List.copyOf(all);
  }

  static void checkRole(String role) {
    if (!ROLE.matcher(role).matches()) {
      throw new CaException(
          "role " + Shown.of(role) + " is not 1 to 32 of a-z, 0-9 and -, a letter first");
    }
  }

  /** Names below our own zone belong to the roles: nobody gets another's. */
  private static void checkName(String role, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new CaException(Shown.of(name) + " is not a DNS name in lower case, without wildcard");
    }
    if (name.endsWith(ZONE) && !name.equals(role + ZONE)) {
      throw new CaException(name + " is the name of another role than " + role);
    }
  }

  private static String address(String text) {
    if (!IPAddress.isValid(text)) {
      throw new CaException(Shown.of(text) + " is not an IP address");
    }
    return InetAddress.ofLiteral(text).getHostAddress();
  }
}
