package io.middleware.starter.tls;

import io.middleware.starter.WrongSettingException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** The certificates in use, by the name of their SSL bundle. */
public final class CertificateBook {
    private final SslBundles bundles;
    private final Map<String, KeptCertificates> kept = new ConcurrentSkipListMap<>();

    public CertificateBook(SslBundles bundles) {
        this.bundles = bundles;
    }

    /**
     * Returns the certificates of a bundle, which follow its files from now on.
     *
     * @param setting names the bundle, for messages
     * @throws WrongSettingException if there is no such bundle, or it cannot be used
     */
    public synchronized KeptCertificates of(String bundle, String setting) {
        return kept.computeIfAbsent(bundle, name -> open(name, setting));
    }

    private KeptCertificates open(String name, String setting) {
        try {
            SslBundle first = bundles.getBundle(name);
            KeptCertificates opened = new KeptCertificates(name, first);
            bundles.addBundleUpdateHandler(name, opened::update);
            return opened;
        } catch (NoSuchSslBundleException unknown) {
            throw new WrongSettingException(
                    setting + " names the SSL bundle " + name + ", which does not exist.",
                    "Define it: spring.ssl.bundle.pem." + name + ".keystore.certificate and others.");
        } catch (RuntimeException unusable) {
            throw new WrongSettingException(
                    "the SSL bundle " + name + " (" + setting + ") cannot be used: " + unusable.getMessage(),
                    "Expected: a valid certificate with its private key, and trusted authorities.");
        }
    }

    Collection<KeptCertificates> all() {
        return kept.values();
    }
}
