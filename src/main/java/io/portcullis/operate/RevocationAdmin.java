package io.portcullis.operate;

import io.portcullis.identity.Revocation;
import io.portcullis.identity.RevocationStatus;
import io.vertx.core.Future;
import java.util.List;

/** What was taken back, as an operator sees and adds to it. */
public interface RevocationAdmin {
  /** Takes something back; fails with a {@link io.portcullis.model.Rejection}. */
  Future<Void> revoke(Revocation revocation);

  /** The newest ones, newest first. */
  List<Revocation> newest(int most);

  /** What this node knows. */
  RevocationStatus status();
}
