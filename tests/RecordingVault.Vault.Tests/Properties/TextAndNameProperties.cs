using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Properties;

public sealed class TextAndNameProperties
{
    [Property]
    public void Any_text_comes_back_and_shows_its_length_only_in_steps_of_32(string? text)
    {
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
        using var key = new TenantDataKey(Guid.NewGuid(), Guid.NewGuid(), RandomNumberGenerator.GetBytes(32));
        var row = Guid.NewGuid();

        var sealedText = SealedText.Seal(key, key.TenantId, row, "matter.name", text);

        Assert.Equal(text, sealedText.Open(key, key.TenantId, row, "matter.name"));
        Assert.Equal(((Encoding.UTF8.GetByteCount(text) / 32) + 1) * 32, sealedText.Bytes.Length - 45);
    }

    [Property(MaxTest = 2000)]
    public void No_name_leads_out_of_the_folder(string? name)
    {
        if (name is null || !ObjectName.IsValid(name)) return;
        var paths = new FolderPaths("/srv/vault");

        Assert.StartsWith("/srv/vault/", Path.GetFullPath(paths.PathOf(ObjectName.Parse(name))));
    }

    [Property]
    public void A_manifest_says_what_was_written(PositiveInt sequence, byte[] roles, PositiveInt segments)
    {
        var assets = roles.Take(8).Select(role => NewAsset((ObjectRole)(2 + (role % 10)), segments.Get % 7)).ToList();
        var previous = sequence.Get == 1 ? default(ReadOnlyMemory<byte>?) : RandomNumberGenerator.GetBytes(32);
        var manifest = new Manifest(Guid.NewGuid(), Guid.NewGuid(), sequence.Get, previous, assets);
        using var text = new WipedBytes();

        ManifestWriter.Write(manifest, text);
        var read = ManifestReader.Read(text.Span, manifest.TenantId, manifest.RecordingId, manifest.Sequence);
        using var again = new WipedBytes();
        ManifestWriter.Write(read, again);

        Assert.Equal(text.Span, again.Span);
    }

    private static ManifestAsset NewAsset(ObjectRole role, int count)
    {
        var segments = Enumerable.Range(0, count)
            .Select(_ => new SegmentRef(Guid.NewGuid(), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetInt32(1, SegmentBuffer.Capacity + 1)))
            .ToList();
        return new ManifestAsset(Guid.NewGuid(), role, "audio/mp4+x", segments.Sum(segment => (long)segment.PlaintextLength), segments);
    }
}
