using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A file that somebody downloaded, held against what the vault publishes.</summary>
internal static class SignedFile
{
    private const int FrontAt = 24;

    /// <summary>Whether its marks say the tag and nothing else, and its manifest is bound to all of it and signed by a published key whose certificate a published authority has signed.</summary>
    public static async Task<bool> IsValidAsync(TestVault vault, byte[] file, string mediaType, UsageTag tag, CancellationToken cancellationToken)
    {
        var keys = JsonDocument.Parse(await vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", cancellationToken)).RootElement.GetProperty("keys").EnumerateArray().ToList();
        foreach (var leaf in Certificates(keys, "c2pa"))
        {
            using var check = await SignedCheck.BeginAsync(new MemorySource(file), mediaType, tag, leaf, cancellationToken);
            check?.Append(file);
            if (check?.IsBound() == true)
                return IsIssued(leaf, Certificates(keys, "authority"));
        }

        return false;
    }

    /// <summary>That it is what a view leaves with, but for its front.</summary>
    /// <param name="viewed">With the mark of a view.</param>
    public static void AssertOnlyTheFrontDiffers(byte[] viewed, byte[] downloaded)
    {
        Assert.Equal(viewed.Length, downloaded.Length);
        var begin = viewed.AsSpan().CommonPrefixLength(downloaded);
        Assert.NotEqual(viewed.Length, begin);
        var front = begin + Mp4Layout.FrontLength;
        Assert.True(front >= viewed.Length || viewed.AsSpan(front).SequenceEqual(downloaded.AsSpan(front)));
    }

    /// <summary>That it is the file with its mark, and signed where its kind can be.</summary>
    /// <param name="content">As it came.</param>
    public static async Task AssertKeptAsync(TestVault vault, byte[] content, string mediaType, byte[] downloaded, CancellationToken cancellationToken)
    {
        var viewed = MarkedFile.Of(content, mediaType, UsageTag.NoTdm);
        if (viewed.AsSpan().SequenceEqual(content) || !SignedFront.Takes(mediaType))
        {
            Assert.Equal(viewed, downloaded);
            return;
        }

        AssertOnlyTheFrontDiffers(viewed, downloaded);
        Assert.True(await IsValidAsync(vault, downloaded, mediaType, UsageTag.NoTdm, cancellationToken));
    }

    /// <summary>Of a film of <see cref="Film"/>.</summary>
    public static ReadOnlySpan<byte> Front(byte[] film) => film.AsSpan(FrontAt, Mp4Layout.FrontLength);

    private static List<byte[]> Certificates(List<JsonElement> keys, string use) =>
        [.. keys.Where(key => key.GetProperty("use").GetString() == use).Select(key => Base64Url.DecodeFromChars(key.GetProperty("certificate").GetString()))];

    private static bool IsIssued(byte[] certificate, List<byte[]> authorities)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = leaf.NotBefore.AddDays(2);
        foreach (var authority in authorities)
            chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(authority));
        return chain.Build(leaf);
    }
}
