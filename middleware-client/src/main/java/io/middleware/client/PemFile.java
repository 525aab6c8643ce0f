package io.middleware.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file with certificates and a private key (PKCS #8), in any order, as one file can have both. */
final class PemFile {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private final Path file;
    private final List<byte[]> certificates = new ArrayList<>();
    private final List<byte[]> keys = new ArrayList<>();

    private PemFile(Path file, String text) {
        this.file = file;
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            byte[] content = Base64.getMimeDecoder().decode(blocks.group(2));
            switch (blocks.group(1)) {
                case "CERTIFICATE" -> certificates.add(content);
                case "PRIVATE KEY" -> keys.add(content);
                default -> {}
            }
        }
    }

    static PemFile read(Path file) throws IOException {
        return new PemFile(file, Files.readString(file));
    }

    X509Certificate[] certificates() throws CertificateException {
        if (certificates.isEmpty()) {
            throw new CertificateException(file + " has no certificate");
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate[] read = new X509Certificate[certificates.size()];
        for (int i = 0; i < read.length; i++) {
            read[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificates.get(i)));
        }
        return read;
    }

    PrivateKey key() throws GeneralSecurityException {
        if (keys.size() != 1) {
            throw new InvalidKeySpecException(
                    file + ": expected one PRIVATE KEY (PKCS #8, not encrypted), got " + keys.size());
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(keys.getFirst());
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                // not of this algorithm
            }
        }
        throw new InvalidKeySpecException(file + ": expected a key of " + ALGORITHMS);
    }
}
