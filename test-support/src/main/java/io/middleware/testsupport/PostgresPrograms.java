package io.middleware.testsupport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The programs of PostgreSQL: those that Maven brings, where they are for this processor, else those of Debian's
 * package {@code postgresql}, else those in {@code -Dpostgres.home=FOLDER}.
 */
final class PostgresPrograms {
    private static final String PACKED = "/postgres-linux-x86_64.txz";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private PostgresPrograms() {}

    /** Returns the folder that has {@code bin/postgres}. */
    static Path home() {
        String asked = System.getProperty("postgres.home", "");
        if (!asked.isBlank()) {
            return Path.of(asked);
        }
        try {
            return isAmd64() ? unpacked() : ofDebian();
        } catch (IOException failed) {
            throw new UncheckedIOException("no PostgreSQL for tests", failed);
        }
    }

    private static boolean isAmd64() {
        return System.getProperty("os.arch").equals("amd64")
                && System.getProperty("os.name").equals("Linux");
    }

    private static Path ofDebian() throws IOException {
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.max(Comparator.comparingInt(
                            version -> Integer.parseInt(version.getFileName().toString())))
                    .orElseThrow(() -> new IOException("nothing in " + DEBIAN));
        }
    }

    /** Unpacks them once per machine, readable for all: the server must not run as root. */
    private static synchronized Path unpacked() throws IOException {
        Path home =
                Path.of(System.getProperty("java.io.tmpdir"), "middleware-postgres-" + System.getProperty("user.name"));
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return home;
        }
        Path unfinished = Files.createTempDirectory("middleware-postgres-unpacking-");
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (InputStream packed = PostgresPrograms.class.getResourceAsStream(PACKED);
                TarArchiveInputStream files =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                unpack(entry, files, unfinished.resolve(entry.getName()).normalize());
            }
        }
        try {
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException another) {
            // another JVM was faster
        }
        return home;
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        createFolderOf(file);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, file);
            boolean program = entry.getName().startsWith("bin/");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static void createFolderOf(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }
}
