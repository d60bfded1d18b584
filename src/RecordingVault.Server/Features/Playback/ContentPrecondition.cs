using Microsoft.Net.Http.Headers;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// What the conditional headers of a request ask for (RFC 9110, 13). Content carries no Last-Modified, which would tell a viewer when it was
/// uploaded; so If-Modified-Since and If-Unmodified-Since have nothing to compare with and are ignored, and an If-Range date never fits.
/// </summary>
internal enum ContentPrecondition
{
    Proceed,
    NotModified,
    Failed,
}

internal static class ContentPreconditions
{
    public static ContentPrecondition Of(IHeaderDictionary headers, EntityTagHeaderValue tag)
    {
        if (headers.IfMatch.Count > 0)
        {
            if (!EntityTagHeaderValue.TryParseStrictList(headers.IfMatch, out var wanted) || !wanted.Any(one => IsAny(one) || one.Compare(tag, useStrongComparison: true)))
                return ContentPrecondition.Failed;
        }

        return headers.IfNoneMatch.Count > 0 && EntityTagHeaderValue.TryParseList(headers.IfNoneMatch, out var known) && known.Any(one => IsAny(one) || one.Compare(tag, useStrongComparison: false))
            ? ContentPrecondition.NotModified
            : ContentPrecondition.Proceed;
    }

    /// <summary>Whether a Range may be honoured: there is no If-Range, or it names exactly this content.</summary>
    public static bool AllowsRange(IHeaderDictionary headers, EntityTagHeaderValue tag) =>
        headers.IfRange.Count == 0
        || (EntityTagHeaderValue.TryParse(headers.IfRange.ToString(), out var wanted) && wanted.Compare(tag, useStrongComparison: true));

    private static bool IsAny(EntityTagHeaderValue tag) => tag.Equals(EntityTagHeaderValue.Any);
}
