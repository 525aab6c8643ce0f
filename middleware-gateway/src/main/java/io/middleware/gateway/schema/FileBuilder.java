package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto.ExtensionRange;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds descriptors from files. A missing file affects only what needs it: an undefined type is replaced by a stub. A
 * file that cannot be used is left out, as are the files that import it.
 */
final class FileBuilder {
    private static final String STUB = "stub:";

    private final Map<String, FileDescriptorProto> files;
    private final Map<String, String> definers;
    private final Set<String> missing;
    private final Map<String, FileDescriptor> built;
    private final Map<String, String> broken = new HashMap<>();
    private final Set<String> altered = new HashSet<>();

    /** {@code known}: files that are already built, which these may import. */
    FileBuilder(Map<String, FileDescriptorProto> files, Collection<FileDescriptor> known) {
        this.files = files;
        definers = Symbols.definers(
                Stream.concat(files.values().stream(), known.stream().map(FileDescriptor::toProto))
                        .toList());
        missing = DescriptorFiles.missing(files.values());
        built = new LinkedHashMap<>();
        known.forEach(file -> built.put(file.getName(), file));
        missing.removeAll(built.keySet());
    }

    /** Builds all files that can be built. */
    void build() {
        for (String any : new TreeSet<>(files.keySet())) {
            for (String name : ImportOrder.of(any, this::needs, this::isDone)) {
                try {
                    built.put(name, file(name));
                } catch (DescriptorValidationException | RuntimeException e) {
                    // a server may send descriptors that the library does not expect
                    broken.put(name, String.valueOf(e.getMessage()));
                } catch (StackOverflowError e) {
                    // the library recurses into public imports
                    broken.put(name, "its public imports are too deep");
                }
            }
        }
    }

    private boolean isDone(String name) {
        return CommonFiles.has(name) || built.containsKey(name) || broken.containsKey(name);
    }

    /** Returns the names of the files, as far as they are here, that must be built before this one. */
    private Set<String> needs(String name) {
        FileDescriptorProto file = Objects.requireNonNull(files.get(name), name);
        Set<String> needs = new LinkedHashSet<>(file.getDependencyList());
        if (!missing.isEmpty()) {
            Symbols.uses(file).keySet().forEach(type -> needs.add(definers.getOrDefault(type, name)));
        }
        needs.removeAll(missing);
        needs.remove(name);
        return needs;
    }

    /** Returns the files that were built or known, without stubs. */
    List<FileDescriptor> files() {
        return built.values().stream().filter(file -> !isStub(file)).toList();
    }

    /** Returns why a file cannot be used, by its name. */
    Map<String, String> broken() {
        return broken;
    }

    /** Returns the names of the files that were built with other imports than they have. */
    Set<String> altered() {
        return altered;
    }

    /**
     * Returns the names of the missing files that the message and its fields need. If no file is missing, returns the
     * name of an undefined type; null if there is none either.
     */
    static @Nullable String missing(Descriptor message) {
        return missing(message, new HashSet<>());
    }

    private static @Nullable String missing(Descriptor message, Set<Descriptor> seen) {
        if (isStub(message.getFile())) {
            return missingFor(message.getFile());
        }
        if (!seen.add(message)) {
            return null;
        }
        for (FieldDescriptor field : message.getFields()) {
            @Nullable
            String missing = switch (field.getJavaType()) {
                case MESSAGE -> missing(field.getMessageType(), seen);
                case ENUM -> missing(field.getEnumType());
                default -> null;
            };
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    private static @Nullable String missing(EnumDescriptor type) {
        return isStub(type.getFile()) ? missingFor(type.getFile()) : null;
    }

    /** Whether the file is the stub of an undefined type. */
    static boolean isStub(FileDescriptor file) {
        return file.getName().startsWith(STUB);
    }

    private static String missingFor(FileDescriptor stub) {
        return stub.getName().substring(STUB.length(), stub.getName().lastIndexOf(':'));
    }

    private FileDescriptor built(String name) {
        FileDescriptor known = CommonFiles.has(name) ? CommonFiles.get(name) : built.get(name);
        if (known == null) {
            throw new IllegalArgumentException(broken.getOrDefault(name, name + " imports itself"));
        }
        return known;
    }

    /** Builds a file after all that it needs. */
    private FileDescriptor file(String name) throws DescriptorValidationException {
        FileDescriptorProto file = Objects.requireNonNull(files.get(name), name);
        Map<String, FileDescriptor> imports = new LinkedHashMap<>();
        for (String imported : file.getDependencyList()) {
            if (!missing.contains(imported)) {
                imports.put(imported, built(imported));
            }
        }
        for (Map.Entry<String, Boolean> use : Symbols.uses(file).entrySet()) {
            String definer = definers.get(use.getKey());
            // unless files are missing, the definer is already imported
            if (definer == null || !missing.isEmpty() && !name.equals(definer)) {
                FileDescriptor other = definer == null ? stub(use.getKey(), use.getValue(), file) : built(definer);
                imports.put(other.getName(), other);
            }
        }
        List<String> importNames = List.copyOf(imports.keySet());
        if (!importNames.equals(file.getDependencyList()) || file.getOptionDependencyCount() > 0) {
            altered.add(name);
        }
        return FileDescriptor.buildFrom(
                usable(file, importNames), imports.values().toArray(FileDescriptor[]::new));
    }

    private FileDescriptor stub(String type, boolean isEnum, FileDescriptorProto user)
            throws DescriptorValidationException {
        List<String> candidates = new ArrayList<>(user.getDependencyList());
        candidates.retainAll(missing);
        String needed = missing.isEmpty() ? type : String.join(", ", candidates.isEmpty() ? missing : candidates);
        String name = STUB + needed + ":" + type;
        FileDescriptor known = built.get(name);
        if (known == null) {
            int dot = type.lastIndexOf('.');
            FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                    .setName(name)
                    .setPackage(type.substring(0, Math.max(0, dot)))
                    .setSyntax(isEnum ? "proto3" : "proto2");
            if (isEnum) {
                file.addEnumTypeBuilder()
                        .setName(type.substring(dot + 1))
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("STUB_" + type.substring(dot + 1))
                                .setNumber(0));
            } else {
                file.addMessageTypeBuilder()
                        .setName(type.substring(dot + 1))
                        .addExtensionRange(
                                ExtensionRange.newBuilder().setStart(1).setEnd(1 << 29));
            }
            known = FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
            built.put(name, known);
        }
        return known;
    }

    /** Returns the file with the imports that there are, and with the check that its strings are UTF-8. */
    private static FileDescriptorProto usable(FileDescriptorProto file, List<String> imports) {
        FileDescriptorProto.Builder usable = file.toBuilder()
                .clearDependency()
                .clearPublicDependency()
                .clearWeakDependency()
                .clearOptionDependency()
                .addAllDependency(imports);
        for (int index : file.getPublicDependencyList()) {
            int now = imports.indexOf(file.getDependency(index));
            if (now >= 0) {
                usable.addPublicDependency(now);
            }
        }
        Utf8Check.turnOn(usable);
        return usable.build();
    }
}
