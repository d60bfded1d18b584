using System.Buffers.Binary;
using System.Text;

namespace RecordingVault.Vault.Packages;

/// <summary>
/// Reads a package that a stranger may have made, once and from its beginning, and refuses all that is not exactly as a writer of ours would have written it. It trusts no
/// directory: headers are made again from what was read and compared byte by byte, so nothing hides between files, behind them or in a second directory. Nothing is packed,
/// so nothing swells; what is kept in memory is bounded.
/// </summary>
public sealed class PackageVerifier
{
    private const int BlockLength = 128 * 1024;

    private readonly HashedSource source;
    private readonly bool isInner;
    private readonly BesideFiles? beside;
    private readonly List<ZipEntry> entries = [];
    private readonly PackageNames names = new();
    private readonly List<VerifiedPackage> inner = [];
    private readonly PackageManifests manifests = new();
    private string root = "";
    private PackageSignature? signature;

    private PackageVerifier(HashedSource source, bool isInner, BesideFiles? beside) => (this.source, this.isInner, this.beside) = (source, isInner, beside);

    /// <param name="package">Is read to its end and left open.</param>
    /// <exception cref="PackageException">It is no package, or not as it was made.</exception>
    public static Task<VerifiedPackage> VerifyAsync(Stream package, CancellationToken cancellationToken) => VerifyAsync(package, isInner: false, null, cancellationToken);

    /// <param name="package">Is read to its end and left open.</param>
    /// <param name="beside">Is shown short files as they come.</param>
    /// <exception cref="PackageException">It is no package, or not as it was made.</exception>
    public static Task<VerifiedPackage> VerifyAsync(Stream package, BesideFiles beside, CancellationToken cancellationToken) => VerifyAsync(package, isInner: false, beside, cancellationToken);

    private static async Task<VerifiedPackage> VerifyAsync(Stream package, bool isInner, BesideFiles? beside, CancellationToken cancellationToken)
    {
        using var read = new HashedSource(package);
        return await new PackageVerifier(read, isInner, beside).RunAsync(cancellationToken);
    }

    private async Task<VerifiedPackage> RunAsync(CancellationToken cancellationToken)
    {
        while (signature is null)
            await ReadFileAsync(cancellationToken);
        var tail = ZipRecords.Tail(entries, source.Position);
        var found = new byte[tail.Length];
        await source.PeekAsync(found, cancellationToken);
        if (!found.AsSpan().SequenceEqual(tail))
            throw new PackageException(PackageFailure.Structure, "The directory of the zip does not say what lies in it.");
        source.Count(found);
        if (!await source.IsAtEndAsync(cancellationToken))
            throw new PackageException(PackageFailure.Structure, "Something was put behind its end.");
        var id = Guid.ParseExact(root.AsSpan("recordingvault-".Length, 36), "D");
        var madeAt = manifests.Check(id);
        return new VerifiedPackage(id, madeAt, signature.KeyId, signature.PublicKey, source.Position, source.Sha256, manifests.Payload, inner);
    }

    private async Task ReadFileAsync(CancellationToken cancellationToken)
    {
        var before = (Length: source.Position, Sha256: entries.Count == 0 ? [] : source.Sha256);
        var entry = await ReadHeaderAsync(cancellationToken);
        entries.Add(entry);
        var name = entry.Name[root.Length..];
        using var digesting = new FileDigests.Digesting();
        await using var content = new StoredFileStream(source, entry.Length, digesting);
        byte[]? text = null;
        if (name.StartsWith(PackageParts.Payload, StringComparison.Ordinal))
            await ReadPayloadAsync(name, content, cancellationToken);
        else
            text = await ReadTextAsync(name, entry.Length, content, cancellationToken);
        var digests = digesting.Finish();
        if (digests.Crc32 != entry.Crc)
            throw new PackageException(PackageFailure.Digest, $"{name} was changed: its check sum is another one.");
        manifests.Add(name, digests, text);
        if (name == PackageParts.Signature)
            signature = Signed(text!, before.Length, before.Sha256);
    }

    private static PackageSignature Signed(byte[] text, long length, byte[] sha256)
    {
        if (PackageSignature.Read(text) is not { } signature)
            throw new PackageException(PackageFailure.Signature, "signature.json is no signature in the form that a package has.");
        return signature.IsOver(length, sha256) ? signature
            : throw new PackageException(PackageFailure.Signature, "The signature does not fit: something before it was changed, put in, taken out or moved after it was signed.");
    }

    /// <summary>Payload is read to its end; a package in it is verified while it is read.</summary>
    private async Task ReadPayloadAsync(string name, StoredFileStream content, CancellationToken cancellationToken)
    {
        if (!isInner && name.StartsWith("data/packages/", StringComparison.Ordinal) && name.EndsWith(".zip", StringComparison.Ordinal))
        {
            try
            {
                var ofInner = beside is null ? null : beside with { Read = one => beside.Read(one with { Name = $"{name}/{one.Name}" }) };
                inner.Add(await VerifyAsync(content, isInner: true, ofInner, cancellationToken));
            }
            catch (PackageException refused)
            {
                throw new PackageException(refused.Failure, $"In {name}: {refused.Message}");
            }
        }

        if (beside is not null && name.EndsWith(beside.Ending, StringComparison.Ordinal))
        {
            byte[]? text = null;
            if (content.Length <= beside.MostBytes)
                await content.ReadExactlyAsync(text = new byte[(int)content.Length], cancellationToken);
            beside.Read(new BesideFile(name, text, manifests.Find(name[..^beside.Ending.Length])));
        }

        var block = new byte[BlockLength];
        while (await content.ReadAsync(block, cancellationToken) > 0)
        {
        }
    }

    private static async Task<byte[]> ReadTextAsync(string name, long length, StoredFileStream content, CancellationToken cancellationToken)
    {
        if (length > PackageParts.MaxTagFile)
            throw new PackageException(PackageFailure.TooLarge, $"{name} is larger than it can be.");
        var text = new byte[(int)length];
        await content.ReadExactlyAsync(text, cancellationToken);
        return text;
    }

    private async Task<ZipEntry> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (entries.Count == PackageParts.MaxEntries)
            throw new PackageException(PackageFailure.TooLarge, "It has more files than a package may have.");
        var head = new byte[ZipRecords.LocalFixedLength];
        await source.PeekAsync(head, cancellationToken);
        var isFirst = entries.Count == 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != ZipRecords.LocalSignature)
            throw isFirst ? NotOne() : new PackageException(PackageFailure.Structure, "Where a file should begin there is something else, or the signature at the end is missing.");
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(26));
        var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28));
        if (nameLength is 0 or > PackageName.MaxLength || extraLength is not (0 or 20))
            throw isFirst ? NotOne() : new PackageException(PackageFailure.Structure, "A file's header is not as a package has it.");
        var rest = new byte[nameLength + extraLength];
        await source.PeekAsync(rest, cancellationToken);
        // A byte beyond ASCII becomes a question mark, which no name has.
        var name = Encoding.ASCII.GetString(rest, 0, nameLength);
        CheckName(name, isFirst);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(22));
        if (extraLength > 0)
            length = BinaryPrimitives.ReadInt64LittleEndian(rest.AsSpan(nameLength + 4));
        if (length < 0 || length > long.MaxValue - source.Position - 1024)
            throw new PackageException(PackageFailure.Structure, "A file's length is no length.");
        var entry = new ZipEntry(name, BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(14)), length, source.Position);
        byte[] found = [.. head, .. rest];
        if (!found.AsSpan().SequenceEqual(ZipRecords.Local(entry)))
            throw new PackageException(PackageFailure.Structure, $"The header of {name} is not as a package has it.");
        source.Count(found);
        return entry;
    }

    private void CheckName(string name, bool isFirst)
    {
        if (isFirst)
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !Guid.TryParseExact(name.AsSpan(0, slash).ToString().Replace("recordingvault-", "", StringComparison.Ordinal), "D", out var id)
                || name != PackageParts.RootOf(id) + PackageParts.Bagit)
                throw NotOne();
            root = PackageParts.RootOf(id);
        }

        if (!PackageName.IsGood(name) || !name.StartsWith(root, StringComparison.Ordinal))
            throw new PackageException(PackageFailure.Name, "A file has a name that no package has.");
        if (names.Add(name) is not NameClash.None and var clash)
            throw new PackageException(PackageFailure.Name, clash == NameClash.Twice ? $"{name} is there twice." : $"{name} is a folder of another file, or lies in one.");
        if (!manifests.Expects(name[root.Length..]))
            throw new PackageException(PackageFailure.Structure, $"{name} is not where a package has it, or what should stand before it is missing.");
    }

    private static PackageException NotOne() => new(PackageFailure.NotAPackage, "This is no export package, or of a version that this program does not know.");
}
