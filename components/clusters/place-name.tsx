/** What a load balancer or firewall is called: on one line where it is a column, whole where it heads a card. */
export function PlaceName({ name }: { readonly name: string }) {
  return (
    <span
      title={name}
      className="@max-[50rem]:wrap-anywhere block @[50rem]:max-w-80 @[50rem]:truncate font-medium font-mono"
    >
      {name}
    </span>
  );
}
