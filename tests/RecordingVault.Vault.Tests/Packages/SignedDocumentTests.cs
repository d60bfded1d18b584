using System.Text;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Vault.Tests.Packages;

public sealed class SignedDocumentTests : IDisposable
{
    private const string Receipt = """{"person":"Björn <b>","says":["view-internal"],"n":1.50}""";
    private static readonly DateTimeOffset s_at = new(2026, 11, 28, 9, 30, 0, 250, TimeSpan.Zero);

    private readonly TestPackage keys = new();

    [Fact]
    public void What_was_signed_is_read_back_byte_for_byte_with_who_signed_it_and_when()
    {
        var read = SignedDocument.Verify(Sign(Receipt));

        Assert.Equal(Receipt, Encoding.UTF8.GetString(read.Document.Span));
        Assert.Equal((keys.Key.Id, s_at.AddMilliseconds(-250), DocumentKind.ConsentReceipt), (read.KeyId, read.SignedAt, read.Kind));
        Assert.True(read.PublicKey.Span.SequenceEqual(keys.Key.Verifying().Bytes.Span));
    }

    [Fact]
    public void No_byte_of_it_can_be_another_one()
    {
        var text = Sign(Receipt);
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var flip in (byte[])[1, 0x20, 0x80])
            {
                var changed = text.ToArray();
                changed[at] ^= flip;
                Assert.Throws<PackageException>(() => SignedDocument.Verify(changed));
            }

            Assert.Throws<PackageException>(() => SignedDocument.Verify(text.AsMemory(0, at)));
        }
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("{}")]
    [InlineData("\n")]
    public void Nothing_stands_before_or_behind_it(string more)
    {
        var text = Sign(Receipt);

        Assert.Throws<PackageException>(() => SignedDocument.Verify((byte[])[.. Encoding.UTF8.GetBytes(more), .. text]));
        Assert.Throws<PackageException>(() => SignedDocument.Verify((byte[])[.. text, .. Encoding.UTF8.GetBytes(more)]));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":{"b":1,"b":1}}""")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("""{"a":1}},"signature":{}""")]
    public void A_document_with_two_readings_or_none_is_not_signed(string document) => Assert.Throws<ArgumentException>(() => Sign(document));

    [Fact]
    public void A_document_past_the_longest_is_not_signed() => Assert.Throws<ArgumentException>(() => Sign($$"""{"a":"{{new string('x', SignedDocument.MaxLength)}}"}"""));

    [Fact]
    public void A_key_of_another_kind_signs_none() =>
        Assert.Throws<ArgumentException>(() => SignedDocument.Sign(keys.VconKey, DocumentKind.ConsentReceipt, Encoding.UTF8.GetBytes(Receipt), s_at));

    [Fact]
    public async Task A_package_is_no_document_by_its_first_byte() => Assert.False(SignedDocument.MayBe((await keys.WriteAsync())[0]));

    public void Dispose() => keys.Dispose();

    private byte[] Sign(string document) => SignedDocument.Sign(keys.Key, DocumentKind.ConsentReceipt, Encoding.UTF8.GetBytes(document), s_at).Write();
}
