/** The helpers of templates of invoices: they run when a template is filled in, and do nothing in the page itself. */
export const invoiceScript = `<script>
  if (typeof Handlebars !== 'undefined') {
    var numberOf = function (value) {
      var number = Number(String(value == null || value === '' ? 0 : value).replace(/[^0-9.eE+-]/g, ''));
      return isFinite(number) ? number : 0;
    };
    var subtotalOf = function (items) {
      return (items || []).reduce(function (sum, item) {
        return sum + numberOf(item.price) * numberOf(item.quantity == null || item.quantity === '' ? 1 : item.quantity);
      }, 0);
    };
    Handlebars.registerHelper('money', function (value, options) {
      var data = options.data.root;
      var digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
      try {
        if (data.currency) digits.style = 'currency', digits.currency = data.currency;
        return new Intl.NumberFormat(data.locale || 'en-US', digits).format(numberOf(value));
      } catch (error) {
        return numberOf(value).toFixed(2) + (data.currency ? ' ' + data.currency : '');
      }
    });
    Handlebars.registerHelper('getTotal', function (quantity, price) {
      return numberOf(quantity == null || quantity === '' ? 1 : quantity) * numberOf(price);
    });
    Handlebars.registerHelper('orOne', function (quantity) {
      return quantity == null || quantity === '' ? 1 : quantity;
    });
    Handlebars.registerHelper('oneLine', function (text) {
      return String(text == null ? '' : text).split(/\\s*\\r?\\n\\s*/).join(', ');
    });
    Handlebars.registerHelper('position', function (index) {
      return index + 1;
    });
    Handlebars.registerHelper('getSubtotal', subtotalOf);
    Handlebars.registerHelper('getFinalAmount', function (data) {
      if (data.total != null && data.total !== '') return numberOf(data.total);
      return subtotalOf(data.items) - numberOf(data.discount) + numberOf(data.tax);
    });
    Handlebars.registerHelper('breaklines', function (text) {
      var safe = Handlebars.Utils.escapeExpression(text == null ? '' : text);
      return new Handlebars.SafeString(safe.replace(/\\r?\\n/g, '<br>'));
    });
  }
</script>`;

/** What the data of these templates holds, for people who fill them. */
export const invoiceData =
  'Data: invoice_id, invoice_date, invoice_dateDue, paid, issuer_name, issuer_company, issuer_address, issuer_email, issuer_website, client_name, client_company, client_address, client_email, items (name, description, quantity, price), discount, tax, total (else it is added up), note, currency (such as USD), locale (such as en-US).';
