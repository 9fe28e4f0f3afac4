web: vendor/bin/heroku-php-apache2 public/
