using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace RecordingVault.Server.Features.Playback;

/// <summary>What a Range header asks of content of a known length (RFC 9110, 14).</summary>
internal readonly record struct ByteRange(ByteRangeKind Kind, long Offset, long Length)
{
    public static ByteRange Whole(long length) => new(ByteRangeKind.Whole, 0, length);

    /// <summary>A header that can't be read, or counts in another unit than bytes, is ignored.</summary>
    public static ByteRange Read(StringValues header, long contentLength)
    {
        if (header.Count == 0 || !RangeHeaderValue.TryParse(header.ToString(), out var wanted) || !wanted.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
            return Whole(contentLength);
        if (wanted.Ranges.Count != 1)
            return new ByteRange(ByteRangeKind.Several, 0, 0);
        return wanted.Ranges.Single() switch
        {
            { From: { } from } when from >= contentLength => Unsatisfiable,
            { From: { } from, To: var to } => Part(from, Math.Min(to ?? long.MaxValue, contentLength - 1) - from + 1),
            { To: 0 } => Unsatisfiable,
            { To: { } } when contentLength == 0 => Unsatisfiable,
            { To: { } last } => Part(Math.Max(0, contentLength - last), Math.Min(last, contentLength)),
            _ => Unsatisfiable,
        };
    }

    private static ByteRange Unsatisfiable => new(ByteRangeKind.Unsatisfiable, 0, 0);

    private static ByteRange Part(long offset, long length) => new(ByteRangeKind.Part, offset, length);
}

internal enum ByteRangeKind
{
    Whole,
    Part,
    Several,
    Unsatisfiable,
}
