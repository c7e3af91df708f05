package io.portcullis.gateway;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of the real client. What a header says of it is believed only as far as proxies of
 * our own wrote it: the right-most entry of {@code X-Forwarded-For} that is not one of them.
 */
final class ClientAddress {
  private static final int MAX_HOPS = 16;

  private final List<IpSubnetFilterRule> trusted;

  ClientAddress(List<String> trustedProxies) {
    trusted = trustedProxies.stream().map(ClientAddress::rule).toList();
  }

  /**
   * The client's address as text without a port.
   *
   * @param proxied whether the peer is a proxy of ours
   */
  String of(HttpServerRequest request, boolean proxied) {
    String peer = request.remoteAddress().hostAddress();
    if (!proxied) {
      return peer;
    }
    String client = peer;
    List<String> headers = request.headers().getAll("x-forwarded-for");
    int hops = 0;
    for (int i = headers.size() - 1; i >= 0; i--) {
      String[] entries = headers.get(i).split(",", -1);
      for (int j = entries.length - 1; j >= 0; j--) {
        String entry = entries[j].trim();
        if (++hops > MAX_HOPS || NetUtil.createInetAddressFromIpAddressString(entry) == null) {
          return client;
        }
        client = entry;
        if (!isTrusted(entry)) {
          return client;
        }
      }
    }
    return client;
  }

  /** Whether the peer of this request is a proxy of ours by its address. */
  boolean fromTrustedProxy(HttpServerRequest request) {
    return !trusted.isEmpty() && isTrusted(request.remoteAddress().hostAddress());
  }

  private boolean isTrusted(@Nullable String address) {
    InetAddress parsed =
        address == null ? null : NetUtil.createInetAddressFromIpAddressString(address);
    if (parsed == null) {
      return false;
    }
    InetSocketAddress socket = new InetSocketAddress(parsed, 0);
    for (IpSubnetFilterRule rule : trusted) {
      if (rule.matches(socket)) {
        return true;
      }
    }
    return false;
  }

  private static IpSubnetFilterRule rule(String cidr) {
    int slash = cidr.indexOf('/');
    String address = slash < 0 ? cidr : cidr.substring(0, slash);
    int full = address.indexOf(':') >= 0 ? 128 : 32;
    int prefix = slash < 0 ? full : Integer.parseInt(cidr.substring(slash + 1));
    return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
  }
}
