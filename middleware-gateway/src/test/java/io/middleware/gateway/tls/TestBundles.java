package io.middleware.gateway.tls;

import io.middleware.starter.tls.CertificateBook;
import io.middleware.starter.tls.KeptCertificates;
import io.middleware.testsupport.TestAuthority;
import io.netty.pkitesting.X509Bundle;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** The SSL bundle "gateway" of a test, and what its files become. */
public final class TestBundles {
    static final String NAME = "gateway";

    private final DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    private final CertificateBook book = new CertificateBook(registry);

    public TestBundles(X509Bundle own, TestAuthority... trusted) {
        registry.registerBundle(NAME, bundle(own, trusted));
    }

    public CertificateBook book() {
        return book;
    }

    public KeptCertificates kept() {
        return book.of(NAME, "test");
    }

    public void update(X509Bundle own, TestAuthority... trusted) {
        registry.updateBundle(NAME, bundle(own, trusted));
    }

    public void update(String certificatePem, String keyPem, TestAuthority... trusted) {
        registry.updateBundle(NAME, bundle(certificatePem, keyPem, trusted));
    }

    private static SslBundle bundle(X509Bundle own, TestAuthority... trusted) {
        return bundle(own.getCertificatePathPEM(), own.getPrivateKeyPEM(), trusted);
    }

    private static SslBundle bundle(String certificatePem, String keyPem, TestAuthority... trusted) {
        return SslBundle.of(new PemSslStoreBundle(
                PemSslStoreDetails.forCertificate(certificatePem).withPrivateKey(keyPem),
                PemSslStoreDetails.forCertificate(
                        Arrays.stream(trusted).map(TestAuthority::pem).collect(Collectors.joining("\n")))));
    }
}
