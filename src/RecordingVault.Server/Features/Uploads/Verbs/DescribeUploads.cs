using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Uploads.Verbs;

/// <summary>OPTIONS: what this server speaks. It tells nothing that docs/api.md does not, so it asks for no sign-in.</summary>
internal static class DescribeUploads
{
    public static NoContent Handle(HttpResponse response, IOptions<VaultOptions> options)
    {
        response.Headers[Tus.VersionHeader] = Tus.Version;
        response.Headers[Tus.ExtensionHeader] = Tus.Extensions;
        response.Headers[Tus.ChecksumAlgorithmHeader] = Tus.ChecksumAlgorithms;
        response.Headers[Tus.MaxSizeHeader] = options.Value.Uploads.MaxLength.ToString(CultureInfo.InvariantCulture);
        return TypedResults.NoContent();
    }
}
