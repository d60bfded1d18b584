using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>What is needed to send a file with the mark of one tag: how it is put together, and its front, which was read back.</summary>
/// <param name="Front">All of it but the filler behind it.</param>
/// <param name="Digest">SHA-256 of the whole front.</param>
internal sealed record ServedMark(MarkedLayout Layout, UsageTag Tag, ReadOnlyMemory<byte> Front, byte Filler, ReadOnlyMemory<byte> Digest)
{
    /// <summary>How it was signed; null where it leaves with its other mark alone.</summary>
    public SignedAs? Signed { get; init; }

    public long Weight => Layout.Weight + Front.Length;
}

/// <param name="ObjectId">The sealed front.</param>
/// <param name="FileDigest">SHA-256 of the whole file that leaves with it.</param>
internal sealed record SignedAs(Guid ObjectId, ReadOnlyMemory<byte> FileDigest);

/// <summary>The front of a file could not be read back, or says something else than the tag in force: nothing leaves with it.</summary>
internal sealed class MarkFailedException(string message) : Exception(message);
