/** The real Nginx in front of stub gateways: what it promises to both sides. */
@NullMarked
package io.portcullis.edge;

import org.jspecify.annotations.NullMarked;
