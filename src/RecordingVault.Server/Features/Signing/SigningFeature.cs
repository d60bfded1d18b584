namespace RecordingVault.Server.Features.Signing;

/// <summary>The keys that organisations sign with, the vault's authority over them, and their public parts for everybody.</summary>
internal static class SigningFeature
{
    public static IServiceCollection AddSigning(this IServiceCollection services)
    {
        services.AddScoped<SigningKeys>();
        services.AddScoped<VaultSigningKeys>();
        services.AddScoped<VaultAuthority>();
        return services;
    }

    public static IEndpointRouteBuilder MapSigning(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/recording-vault-keys.json", ShowPublishedKeys.Handle).AllowAnonymous().WithTags("Keys");
        return routes;
    }
}
