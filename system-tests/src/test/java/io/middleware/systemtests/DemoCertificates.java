package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The certificates of {@code ./stack up --tls}, and others that must not be taken, made by OpenSSL. */
final class DemoCertificates {

    private final Path folder;
    private final Path own;

    /**
     * Takes those of a stack.
     *
     * @param own where other ones are made
     */
    DemoCertificates(Stack stack, Path own) {
        this.folder = stack.home().resolve("tls");
        this.own = own;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Returns a copy that survives a rotation. */
    Path copy(String name) throws IOException {
        return Files.copy(file(name), own.resolve("old-" + name));
    }

    /** Returns the key and certificate of an authority that nobody trusts here, under the name of Nginx. */
    Path foreign() throws IOException {
        Path key = own.resolve("foreign.key");
        Path certificate = own.resolve("foreign.crt");
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=foreign",
                "-addext",
                "subjectAltName=URI:spiffe://middleware/nginx",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        return both("foreign.pem", key, certificate);
    }

    /** Returns one that the right authority signed for Nginx, long ago. */
    Path expired() throws IOException {
        Path key = own.resolve("expired.key");
        Path request = own.resolve("expired.csr");
        Path certificate = own.resolve("expired.crt");
        Path index = Files.writeString(own.resolve("index"), "");
        Path settings = Files.writeString(own.resolve("ca.cnf"), """
                [ca]
                default_ca = ca_of_test
                [ca_of_test]
                database = %s
                new_certs_dir = %s
                rand_serial = yes
                default_md = sha256
                policy = any
                x509_extensions = names
                [any]
                commonName = supplied
                [names]
                subjectAltName = URI:spiffe://middleware/nginx
                """.formatted(index, own));
        openssl(
                "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=expired",
                "-keyout",
                key.toString(),
                "-out",
                request.toString());
        String authority = file("authority.pem").toString();
        openssl(
                "ca -batch -notext -startdate 20250101000000Z -enddate 20250102000000Z",
                "-config",
                settings.toString(),
                "-cert",
                authority,
                "-keyfile",
                authority,
                "-in",
                request.toString(),
                "-out",
                certificate.toString());
        return both("expired.pem", key, certificate);
    }

    private Path both(String name, Path key, Path certificate) throws IOException {
        return Files.writeString(own.resolve(name), Files.readString(key) + Files.readString(certificate));
    }

    private void openssl(String fixed, String... more) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(fixed.split(" ")));
        command.addAll(Arrays.asList(more));
        Shell.Result result = Shell.run(Map.of(), command);
        assertThat(result.exit()).as("%s: %s", command, result.err()).isZero();
    }
}
