using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Columns;

public sealed class SealedTextTests : IDisposable
{
    private const string Column = "recording.title";

    private readonly OwnerKey key;
    private readonly Guid row = Guid.NewGuid();

    public SealedTextTests()
    {
        using var root = RootKey.Generate();
        using var tenant = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        key = KeyHierarchy.NewOwnerKey(tenant, KeyKind.Recording, Guid.NewGuid()).Key;
    }

    public void Dispose() => key.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("Coaching, third session")]
    [InlineData("Žluťoučký kůň 🐎")]
    [InlineData("ends in nul\0\0")]
    public void What_was_sealed_opens(string text) =>
        Assert.Equal(text, SealedText.Seal(key, key.TenantId, row, Column, text).Open(key, key.TenantId, row, Column));

    [Fact]
    public void A_long_text_opens()
    {
        var text = new string('ä', 100_000);

        Assert.Equal(text, SealedText.Seal(key, key.TenantId, row, Column, text).Open(key, key.TenantId, row, Column));
    }

    [Fact]
    public void What_nobody_opened_prints_as_sealed()
    {
        var text = SealedText.Seal(key, key.TenantId, row, Column, "secret");

        Assert.Equal("sealed", text.ToString());
        Assert.Equal("sealed", $"{text}");
        Assert.Equal("sealed", default(SealedText).ToString());
    }

    [Fact]
    public void Equal_texts_seal_to_different_bytes_of_one_length()
    {
        var one = SealedText.Seal(key, key.TenantId, row, Column, "Anna");
        var other = SealedText.Seal(key, key.TenantId, row, Column, "Konstantin, who has a long na");

        Assert.NotEqual(one, SealedText.Seal(key, key.TenantId, row, Column, "Anna"));
        Assert.Equal(one.Bytes.Length, other.Bytes.Length);
    }

    [Fact]
    public void Equality_is_that_of_the_bytes()
    {
        var one = SealedText.Seal(key, key.TenantId, row, Column, "Anna");
        var same = SealedText.FromBytes(one.Bytes.ToArray());

        Assert.True(one == same);
        Assert.False(one != same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, default);
    }

    [Fact]
    public void Text_that_was_moved_does_not_open()
    {
        var text = SealedText.Seal(key, key.TenantId, row, Column, "Anna");

        AssertDamaged(() => text.Open(key, key.TenantId, Guid.NewGuid(), Column));
        AssertDamaged(() => text.Open(key, key.TenantId, row, "recording.note"));
    }

    [Fact]
    public void A_key_seals_for_its_own_tenant_only()
    {
        var text = SealedText.Seal(key, key.TenantId, row, Column, "Anna");

        Assert.Throws<ArgumentException>(() => SealedText.Seal(key, Guid.NewGuid(), row, Column, "Anna"));
        Assert.Throws<ArgumentException>(() => text.Open(key, Guid.NewGuid(), row, Column));
    }

    [Fact]
    public void Any_changed_bit_is_refused()
    {
        var bytes = SealedText.Seal(key, key.TenantId, row, Column, "Anna").Bytes;

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Throws<SealedFormatException>(() => SealedText.FromBytes(changed).Open(key, key.TenantId, row, Column));
        }
    }

    [Fact]
    public void A_value_that_was_never_sealed_is_refused() =>
        Assert.Equal(FormatFailure.BadLength, Assert.Throws<SealedFormatException>(() => default(SealedText).Open(key, key.TenantId, row, Column)).Failure);

    [Fact]
    public void Half_a_letter_is_not_sealed() =>
        Assert.ThrowsAny<ArgumentException>(() => SealedText.Seal(key, key.TenantId, row, Column, "\uD83D"));

    private static void AssertDamaged(Func<object> open) => Assert.Equal(FormatFailure.Damaged, Assert.Throws<SealedFormatException>(open).Failure);
}
