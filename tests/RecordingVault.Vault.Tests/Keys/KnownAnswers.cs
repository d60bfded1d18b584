using System.Text;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

/// <summary>The known answers of the security design (section 17) and of the C2SP definition of XAES-256-GCM.</summary>
public sealed class KnownAnswers
{
    private static readonly byte[] Counting = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Three_bytes_seal_to_the_object_of_the_document()
    {
        var place = new SealedHeader(ObjectRole.OriginalSegment, Repeated(0x11), Repeated(0x22), Repeated(0x33));
        using var key = new OwnerKey(Guid.Empty, KeyKind.Recording, place.TenantId, place.OwnerId, Counting);
        var header = new byte[SealedHeader.LengthInBytes];
        var text = "abc"u8.ToArray();
        var tag = new byte[16];

        place.WriteKeyed(Enumerable.Repeat((byte)0x44, 32).ToArray(), header);
        using var cipher = ObjectKey.DeriveAndCommit(key, header);
        cipher.Seal(0, isLast: true, text, tag);

        Assert.Equal("2f3b7085201f818c86d03bf83154a31acd947a5ebe259e6a75f86e4be0fd78fc", Convert.ToHexStringLower(header.AsSpan(96)));
        Assert.Equal("2baa6a6246332bb3c5ae5942e61de6897a8fca", Convert.ToHexStringLower([.. text, .. tag]));
        Assert.Equal(147, SealedLayout.SealedLength(3));
    }

    [Fact]
    public void The_object_key_is_the_one_of_the_document()
    {
        var keyedHeader = new byte[SealedHeader.KeyedLength];
        new SealedHeader(ObjectRole.OriginalSegment, Repeated(0x11), Repeated(0x22), Repeated(0x33)).WriteKeyed(Enumerable.Repeat((byte)0x44, 32).ToArray(), keyedHeader);
        using var key = new OwnerKey(Guid.Empty, KeyKind.Recording, Repeated(0x11), Repeated(0x22), Counting);
        var pseudorandomKey = new byte[32];
        var objectKey = new byte[32];

        key.Extract(keyedHeader.AsSpan(SealedHeader.Salt), pseudorandomKey);
        ObjectKey.Expand(pseudorandomKey, Labels.ObjectKey, keyedHeader, objectKey);

        Assert.Equal("b5b563ce53e71984cc071fba3bc4bfdeae5d0ba828b1658ae699570da561b5ac", Convert.ToHexStringLower(objectKey));
    }

    [Fact]
    public void A_recording_key_wraps_to_the_wrap_of_the_document()
    {
        using var wrapping = new TenantKey(Repeated(0x66), Repeated(0x11), Enumerable.Repeat((byte)0x55, 32).ToArray());
        using var key = new OwnerKey(Repeated(0x77), KeyKind.Recording, Repeated(0x11), Repeated(0x22), Counting);

        var wrap = KeyWrapping.Wrap(wrapping, KeyKind.Recording, Repeated(0x11), Repeated(0x22), key, Counting.AsSpan(0, 24));

        Assert.Equal("49bcd62960045a8e40f1ebc493cb454c79d73ffdeb447dad4c1891c5039d8165", Convert.ToHexStringLower(wrap.Bytes.Span[96..128]));
        Assert.Equal(
            "e6a5366f0bac7298eaf209d13a67662b73639434462e68c47e5f082fc42f782d99c5e168eb16d1030d118718739c0965",
            Convert.ToHexStringLower(wrap.Bytes.Span[128..]));
        using var opened = KeyHierarchy.OpenOwnerKey(wrapping, wrap);
        Assert.Equal(Counting, BytesOf(opened));
    }

    [Theory]
    [InlineData(0x01, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271")]
    [InlineData(0x03, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d")]
    public void Xaes_gives_the_published_answers(byte keyByte, string associated, string expected)
    {
        var text = "XAES-256-GCM"u8.ToArray();
        var tag = new byte[16];

        Xaes256Gcm.Seal(Enumerable.Repeat(keyByte, 32).ToArray(), "ABCDEFGHIJKLMNOPQRSTUVWX"u8, text, tag, Encoding.ASCII.GetBytes(associated));

        Assert.Equal(expected, Convert.ToHexStringLower([.. text, .. tag]));
    }

    internal static byte[] BytesOf(SecretKey key)
    {
        var bytes = new byte[32];
        key.CopyTo(bytes);
        return bytes;
    }

    private static Guid Repeated(byte value) => new(Enumerable.Repeat(value, 16).ToArray(), bigEndian: true);
}
