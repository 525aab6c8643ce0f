package io.middleware.gateway.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.gateway.schema.ImportOrder;
import io.middleware.gateway.schema.ServiceFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads files with all that they import. Two nodes have the same {@linkplain Node#digest digest} if they have the same
 * name and contents, and all that they import has.
 */
final class FileGraph {
    private final Function<String, @Nullable Idempotency> holds;
    private final Map<FileDescriptor, Content> before;
    private final Map<FileDescriptor, Content> contents = new HashMap<>();
    private final Map<FileDescriptor, Node> nodes = new HashMap<>();

    /** A file, its content without promises that do not hold, and what it imports. */
    record Node(FileDescriptor file, ByteString content, List<Node> imports, String digest) {
        String name() {
            return file.getName();
        }

        /** Compares digests, which stand for the rest: comparing imports would recurse. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Node node && digest.equals(node.digest);
        }

        @Override
        public int hashCode() {
            return digest.hashCode();
        }
    }

    /** A serialized file and its digest. */
    record Content(ByteString bytes, byte[] digest) {
        static Content of(ByteString bytes) {
            MessageDigest digest = sha256();
            bytes.asReadOnlyByteBufferList().forEach(digest::update);
            return new Content(bytes, digest.digest());
        }
    }

    /**
     * {@code holds}: what a method promises in all versions, by path; null where only its file describes it. {@code
     * before}: the contents that another graph has read.
     */
    FileGraph(Function<String, @Nullable Idempotency> holds, Map<FileDescriptor, Content> before) {
        this.holds = holds;
        this.before = before;
    }

    Node node(ServiceFiles files) {
        for (FileDescriptor file : ImportOrder.of(files.file(), FileDescriptor::getDependencies, nodes::containsKey)) {
            nodes.put(file, node(file, files));
        }
        return known(files.file());
    }

    private Node known(FileDescriptor file) {
        return Objects.requireNonNull(nodes.get(file), file::getName);
    }

    /** Returns the contents that were read, which the next graph need not read again. */
    Map<FileDescriptor, Content> contents() {
        return contents;
    }

    /** Called when those of its imports are there. */
    private Node node(FileDescriptor file, ServiceFiles source) {
        List<Node> imports = file.getDependencies().stream().map(this::known).toList();
        Content content = before.get(file);
        if (content == null) {
            ByteString original = source.original(file);
            content = Content.of(original != null ? original : file.toProto().toByteString());
        }
        contents.put(file, content);
        ByteString strict = StrictFile.of(file, content.bytes, holds);
        byte[] own = strict == content.bytes ? content.digest : Content.of(strict).digest;
        return new Node(file, strict, imports, digest(file.getName(), own, imports));
    }

    private static String digest(String name, byte[] content, List<Node> imports) {
        MessageDigest digest = sha256();
        digest.update(content);
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        imports.forEach(imported -> digest.update(imported.digest().getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
