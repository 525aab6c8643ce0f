/**
 * TLS with certificates that change while the application runs: which names a peer's certificate must have, and what
 * becomes of a new file.
 *
 * <p>Begin with {@link io.middleware.starter.tls.CertificateBook}, which gives out the
 * {@link io.middleware.starter.tls.KeptCertificates} of an SSL bundle. {@link io.middleware.starter.tls.PeerTrust} checks
 * a peer; {@link io.middleware.starter.tls.HandshakeFailure} says why one was refused.
 */
@NullMarked
package io.middleware.starter.tls;

import org.jspecify.annotations.NullMarked;
