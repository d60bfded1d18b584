using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Vault.Tests.Packages;

/// <summary>What somebody does to a package after it was signed, without the key, is found.</summary>
public sealed class TamperingTests : IDisposable
{
    private readonly TestPackage package = new();

    [Fact]
    public async Task Every_byte_that_was_changed_is_found()
    {
        var bytes = await package.WriteAsync();
        for (var at = 0; at < bytes.Length; at++)
        {
            var bit = (byte)(1 << (at % 8));
            bytes[at] ^= bit;
            await Assert.ThrowsAsync<PackageException>(() => TestPackage.VerifyAsync(bytes));
            bytes[at] ^= bit;
        }

        Assert.Equal(TestPackage.Id, (await TestPackage.VerifyAsync(bytes)).Id);
    }

    [Fact]
    public async Task Every_cut_is_found()
    {
        var bytes = await package.WriteAsync();
        for (var length = 0; length < bytes.Length; length++)
            await Assert.ThrowsAsync<PackageException>(() => TestPackage.VerifyAsync(bytes[..length]));
    }

    [Fact]
    public async Task Bytes_put_in_anywhere_or_behind_are_found()
    {
        var bytes = await package.WriteAsync();
        for (var at = 0; at <= bytes.Length; at += 7)
            await Assert.ThrowsAsync<PackageException>(() => TestPackage.VerifyAsync([.. bytes[..at], 0x50, .. bytes[at..]]));
        Assert.Equal(PackageFailure.Structure, await TestPackage.RefusalAsync([.. bytes, 0]));
    }

    [Fact]
    public async Task Files_in_another_order_are_found() => Assert.Equal(PackageFailure.Signature, await TestPackage.RefusalAsync(Rewrite(await package.WriteAsync(), files => (files[2], files[3]) = (files[3], files[2]))));

    [Fact]
    public async Task A_file_of_another_name_is_found() =>
        Assert.Equal(PackageFailure.Signature, await TestPackage.RefusalAsync(Rewrite(await package.WriteAsync(), files => files[2] = (files[2].Name.Replace("film", "fylm", StringComparison.Ordinal), files[2].Content))));

    [Fact]
    public async Task A_file_that_was_left_out_or_put_in_is_found()
    {
        var bytes = await package.WriteAsync();

        Assert.Equal(PackageFailure.Signature, await TestPackage.RefusalAsync(Rewrite(bytes, files => files.RemoveAt(3))));
        Assert.Equal(PackageFailure.Signature, await TestPackage.RefusalAsync(Rewrite(bytes, files => files.Insert(3, (files[3].Name + "x", [1])))));
        Assert.Equal(PackageFailure.Name, await TestPackage.RefusalAsync(Rewrite(bytes, files => files.Insert(3, (files[3].Name.Replace("policy", "POLICY", StringComparison.Ordinal).Replace("captions", "CAPTIONS", StringComparison.Ordinal), [1])))));
        Assert.Equal(PackageFailure.Name, await TestPackage.RefusalAsync(Rewrite(bytes, files => files.Insert(3, files[3]))));
    }

    [Fact]
    public async Task Content_with_all_its_sums_made_anew_is_found_by_the_signature() =>
        Assert.Equal(PackageFailure.Signature, await TestPackage.RefusalAsync(Rewrite(await package.WriteAsync(), files => files[2] = (files[2].Name, Encoding.UTF8.GetBytes("other pictures!")))));

    [Fact]
    public async Task A_signature_by_another_key_names_that_key()
    {
        using var other = new TestPackage();

        Assert.NotEqual((await TestPackage.VerifyAsync(await package.WriteAsync())).KeyId, (await TestPackage.VerifyAsync(await other.WriteAsync())).KeyId);
    }

    [Fact]
    public async Task A_key_id_that_was_put_in_the_place_of_the_signers_is_found()
    {
        var bytes = await package.WriteAsync();
        var changed = Rewrite(bytes, files => files[^1] = (files[^1].Name, Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(files[^1].Content).Replace(package.Key.Id.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal))));

        Assert.Equal(PackageFailure.Signature, await TestPackage.RefusalAsync(changed));
    }

    [Theory]
    [InlineData("data/../../evil")]
    [InlineData("../evil")]
    [InlineData("data/.profile")]
    [InlineData("data/a\\b")]
    [InlineData("data/con")]
    [InlineData("data/media/NUL.mp4")]
    [InlineData("data/aux.tar.gz/x")]
    [InlineData("data/Com1")]
    [InlineData("data/lpt9.txt")]
    public async Task A_name_that_leads_elsewhere_is_refused_before_its_content_is_read(string name)
    {
        var changed = Rewrite(await package.WriteAsync(), files => files[2] = ($"recordingvault-{TestPackage.Id}/{name}", files[2].Content));

        Assert.Equal(PackageFailure.Name, await TestPackage.RefusalAsync(changed));
    }

    [Theory]
    [InlineData("data/captions/en.vtt/x")]
    [InlineData("data/MEDIA")]
    [InlineData("data/Captions/EN.VTT/deep/er")]
    [InlineData("BAGIT.txt/x")]
    public async Task A_name_that_is_a_folder_of_another_one_is_refused_before_its_content_is_read(string name)
    {
        var changed = Rewrite(await package.WriteAsync(), files => files.Insert(4, ($"recordingvault-{TestPackage.Id}/{name}", [1])));

        Assert.Equal(PackageFailure.Name, await TestPackage.RefusalAsync(changed));
    }

    [Fact]
    public async Task A_length_that_lies_is_refused()
    {
        foreach (var lie in new[] { 0u, 1u, 1_000_000u, uint.MaxValue - 1 })
        {
            var bytes = await package.WriteAsync();
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(18), lie);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(22), lie);
            await Assert.ThrowsAsync<PackageException>(() => TestPackage.VerifyAsync(bytes));
        }
    }

    [Fact]
    public async Task Packed_files_are_refused_whatever_they_would_swell_to()
    {
        using var output = new MemoryStream();
        await using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var content = await zip.CreateEntry($"recordingvault-{TestPackage.Id}/bagit.txt", CompressionLevel.SmallestSize).OpenAsync(TestContext.Current.CancellationToken);
            await content.WriteAsync(new byte[10_000_000], TestContext.Current.CancellationToken);
        }

        Assert.Equal(PackageFailure.Structure, await TestPackage.RefusalAsync(output.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("not a package, but some words of a length that would do for a header")]
    public async Task What_is_no_package_is_refused(string text) =>
        Assert.Contains(await TestPackage.RefusalAsync(Encoding.ASCII.GetBytes(text)), new[] { PackageFailure.NotAPackage, PackageFailure.Cut });

    [Fact]
    public async Task Whatever_chance_does_to_it_is_refused_and_nothing_else_is_thrown()
    {
        var bytes = await package.WriteAsync();
        var changes = Gen.Sample(from at in Gen.Choose(0, bytes.Length - 1) from value in Gen.Choose(0, 255) from length in Gen.Choose(0, 64) select (at, value, length), 50, 3_000);
        foreach (var (at, value, length) in changes)
        {
            var changed = bytes.ToArray();
            changed.AsSpan(at, Math.Min(length + 1, changed.Length - at)).Fill((byte)value);
            if (!changed.AsSpan().SequenceEqual(bytes))
                await Assert.ThrowsAsync<PackageException>(() => TestPackage.VerifyAsync(changed));
        }
    }

    public void Dispose() => package.Dispose();

    /// <summary>As somebody would who knows the format and has no key: every header, sum and directory fits what he put in.</summary>
    private static byte[] Rewrite(byte[] bytes, Action<List<(string Name, byte[] Content)>> change)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var files = zip.Entries.Select(entry =>
        {
            using var content = entry.Open();
            using var all = new MemoryStream();
            content.CopyTo(all);
            return (entry.FullName, all.ToArray());
        }).ToList();
        change(files);
        using var output = new MemoryStream();
        List<ZipEntry> entries = [];
        foreach (var (name, content) in files)
        {
            var entry = new ZipEntry(name, FileDigests.Of(content).Crc32, content.Length, output.Length);
            entries.Add(entry);
            output.Write(ZipRecords.Local(entry));
            output.Write(content);
        }

        output.Write(ZipRecords.Tail(entries, output.Length));
        return output.ToArray();
    }
}
