package io.portcullis.limit;

import io.portcullis.redis.KeySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/**
 * What a limit per address counts by. One subscriber has a whole /64 of IPv6 addresses at least, so
 * a limit per single address would be no limit (RFC 6177).
 */
final class ClientAddress {
  private ClientAddress() {}

  /** A key segment: the IPv4 address, the first 64 bits of the IPv6 address in hex, or a hash. */
  static String normalise(String address) {
    if (plainIpv4(address)) {
      return address;
    }
    if (address.indexOf(':') < 0 || address.length() > 64) {
      return KeySegment.of("?" + address);
    }
    int zone = address.indexOf('%');
    try {
      InetAddress parsed = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
      return switch (parsed) {
        case Inet4Address mapped -> mapped.getHostAddress();
        case Inet6Address wide -> "v6-" + HexFormat.of().formatHex(wide.getAddress(), 0, 8);
        default -> KeySegment.of("?" + address);
      };
    } catch (IllegalArgumentException notAnAddress) {
      return KeySegment.of("?" + address);
    }
  }

  /** Four numbers of one to three digits without leading zeros, none above 255. */
  private static boolean plainIpv4(String address) {
    int length = address.length();
    if (length < 7 || length > 15) {
      return false;
    }
    int parts = 1;
    int value = -1;
    for (int i = 0; i < length; i++) {
      char c = address.charAt(i);
      if (c == '.') {
        if (value < 0 || ++parts > 4) {
          return false;
        }
        value = -1;
      } else if (c < '0' || c > '9' || value == 0) {
        return false;
      } else {
        value = value < 0 ? c - '0' : value * 10 + c - '0';
        if (value > 255) {
          return false;
        }
      }
    }
    return parts == 4 && value >= 0;
  }
}
