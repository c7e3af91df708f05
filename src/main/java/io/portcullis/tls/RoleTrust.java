package io.portcullis.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts a server whose chain leads to our roots and whose name is the right one. */
final class RoleTrust extends ServerTrust {
  private final X509ExtendedTrustManager roots;
  private final PeerCheck check;

  RoleTrust(X509ExtendedTrustManager roots, PeerCheck check) {
    this.roots = roots;
    this.check = check;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    roots.checkServerTrusted(chain, authType, engine);
    check.identify(List.of(chain));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    roots.checkServerTrusted(chain, authType, socket);
    check.identify(List.of(chain));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    roots.checkServerTrusted(chain, authType);
    check.identify(List.of(chain));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return roots.getAcceptedIssuers();
  }
}
